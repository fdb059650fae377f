// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.JobId;

/** Where staging tables lie below a staging root: each attempt has a directory of its own. */
public final class StagingLayout {
  private StagingLayout() {}

  /** The directory of a job: all that it ever stages lies below. */
  public static String ofJob(String stagingRoot, JobId job) {
    return stagingRoot + "/" + job;
  }

  /** The directory of a view of a job. */
  public static String ofView(String stagingRoot, JobId job, int view) {
    return ofJob(stagingRoot, job) + "/v" + view;
  }

  /** The directory of an attempt at a chunk, below the staging root. */
  public static String ofAttempt(ChunkId chunk, int attempt) {
    return chunk.job() + "/v" + chunk.view() + "/c" + chunk.chunk() + "/a" + attempt;
  }
}
