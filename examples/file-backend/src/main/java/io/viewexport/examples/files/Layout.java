// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.JobId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where things are, below the folder of a request:
 *
 * <pre>
 * {job}/{output}/part-00000.ndjson            what is published
 * {job}/{output}/_manifest.json
 * .viewexport-staging/{job}/v0/c3/a1/         what attempt 1 at chunk 3 of view 0 writes
 * .viewexport-staging/{job}/v0/p2/            what attempt 2 to finalize view 0 is about to publish
 * </pre>
 *
 * @param folder the folder of the request
 * @param job the job
 */
record Layout(String folder, JobId job) {
  /** The folder of all that is not published, hidden from those who list what is. */
  static final String STAGING = ".viewexport-staging";

  /** Beside the files of an attempt at a chunk. */
  static final String CHUNK_RECORD = "_chunk.json";

  /** The only file of an output that was withdrawn. */
  static final String WITHDRAWN = "_withdrawn.json";

  private static final String SAFE = "-._~ ";

  String stagingOfAll() {
    return folder + "/" + STAGING;
  }

  String stagingOfJob() {
    return stagingOfAll() + "/" + job;
  }

  String staging(int view) {
    return stagingOfJob() + "/v" + view;
  }

  String chunk(ChunkId chunk) {
    return staging(chunk.view()) + "/c" + chunk.chunk();
  }

  String attempt(ChunkId chunk, int attempt) {
    return chunk(chunk) + "/a" + attempt;
  }

  /** What an attempt to finalize is about to publish. */
  String publication(int view, int attempt) {
    return staging(view) + "/p" + attempt;
  }

  /** What an attempt is about to put in the place of an output that is not to come. */
  String withdrawal(int view, String attempt) {
    return staging(view) + "/w" + attempt;
  }

  String published() {
    return folder + "/" + job;
  }

  String target(ExportView view) {
    return published() + "/" + folderName(view.name());
  }

  static String partName(int number, FileTarget target) {
    return String.format(Locale.ROOT, "part-%05d%s", number, target.fileEnding());
  }

  /**
   * An output's name as the name of a folder: letters, digits, hyphens, blanks and dots inside as
   * they are, everything else by the codes of its bytes, as in URLs. No two names give the same.
   */
  static String folderName(String output) {
    StringBuilder name = new StringBuilder();
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xFF);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
      boolean hidden = i == 0 && !Character.isLetterOrDigit(c);
      boolean dropped = i == bytes.length - 1 && (c == '.' || c == ' ');
      if (plain && !hidden && !dropped) {
        name.append(c);
      } else {
        name.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return name.toString();
  }
}
