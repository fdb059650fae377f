// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.job.JobId;
import java.util.UUID;

/**
 * The names of files that a merge puts into a target: {@code viewexport-JOB.vVIEW.aATTEMPT.} and so
 * on. A job's id has no dot, so no job's prefix begins another's. Not safe for many threads.
 */
final class FileNames {
  private static final String START = "viewexport-";

  private final String prefix;
  private int count;

  FileNames(JobId job, int view, int attempt) {
    prefix = prefix(job, view) + "a" + attempt + ".";
  }

  /** How all names begin of files of a view of a job. */
  static String prefix(JobId job, int view) {
    return START + work(job, view) + ".";
  }

  /** How the merge of a view is named to a storage. */
  static String work(JobId job, int view) {
    return job.value() + ".v" + view;
  }

  /** Whether a merge may have made a file of this name. */
  static boolean isOurs(String name) {
    return name.startsWith(START) && name.endsWith(".parquet");
  }

  /** A name that no file ever had. */
  String next() {
    return prefix + count++ + "-" + UUID.randomUUID() + ".parquet";
  }
}
