// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ViewSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the receipts name: read, compared with what they say, and its keys judged. */
final class StagedChunks {
  private final FileStorage storage;
  private final FinalizeContext context;
  private final Layout layout;
  private final String doing;

  StagedChunks(FileStorage storage, FinalizeContext context, Layout layout, String doing) {
    this.storage = storage;
    this.context = context;
    this.layout = layout;
    this.doing = doing;
  }

  /**
   * A file of a winning attempt.
   *
   * @param path where it is
   * @param part its name there, rows and bytes
   */
  record StagedFile(String path, FileManifest.PartFile part) {}

  /**
   * The files to publish, in the order of the chunks: those with rows; of an output without rows
   * one file.
   */
  List<StagedFile> files(FileTarget target) throws IOException {
    List<StagedFile> files = new ArrayList<>();
    long nullKeys = 0;
    long repeatedKeys = 0;
    for (AcceptedReceipt accepted : context.receipts()) {
      String folder = layout.attempt(accepted.chunk(), accepted.attempt());
      ChunkRecord chunk = read(accepted, folder);
      nullKeys += chunk.nullKeys();
      repeatedKeys += chunk.repeatedKeys();
      chunk.files().forEach(file -> files.add(new StagedFile(folder + "/" + file.name(), file)));
    }
    checkKeys(target, nullKeys, repeatedKeys);
    List<StagedFile> filled = files.stream().filter(file -> file.part().rowCount() > 0).toList();
    return filled.isEmpty() ? files.subList(0, 1) : filled;
  }

  private ChunkRecord read(AcceptedReceipt accepted, String folder) throws IOException {
    boolean own =
        accepted.chunk().job().equals(context.jobId())
            && accepted.chunk().view() == context.view().index()
            && accepted
                .receipt()
                .payload()
                .equals(ChunkExport.receipt(accepted.chunk().chunk(), accepted.attempt()));
    if (!own) {
      throw ExportException.permanent(
          "foreign-receipt", doing + ": a receipt names files of another chunk.", null);
    }
    try {
      ChunkRecord record =
          new SmallFiles(storage).read(folder + "/" + Layout.CHUNK_RECORD, ChunkRecord.class);
      boolean whole = record.rowCount() == accepted.receipt().rowCount();
      for (FileManifest.PartFile file : record.files()) {
        whole &= storage.size(folder + "/" + file.name()) == file.byteCount();
      }
      if (!whole) {
        throw changed(accepted, null);
      }
      return record;
    } catch (NoSuchFileException e) {
      throw changed(accepted, e);
    }
  }

  private ExportException changed(AcceptedReceipt accepted, @Nullable IOException e) {
    return ExportException.permanent(
        "staging-differs",
        doing
            + ": the files of chunk "
            + accepted.chunk().chunk()
            + " are not as they were written; keep others from the folder "
            + layout.stagingOfAll()
            + ".",
        e);
  }

  private void checkKeys(FileTarget target, long nullKeys, long repeatedKeys) {
    ViewSettings settings = context.view().settings();
    String key = String.join(", ", settings.mergeKey());
    if (nullKeys > 0) {
      throw ExportException.permanent(
          "null-key",
          doing + ": " + nullKeys + " rows have NULL in the merge key (" + key + ").",
          null);
    }
    if (repeatedKeys > 0 && target.duplicates() == FileTarget.Duplicates.FAIL) {
      throw ExportException.permanent(
          "duplicate-key",
          doing
              + ": "
              + repeatedKeys
              + " rows have a merge key ("
              + key
              + ") that another row has; name the columns that tell rows apart by mergeKey, or set "
              + FileParameters.DUPLICATE_KEYS
              + " to keep.",
          null);
    }
  }
}
