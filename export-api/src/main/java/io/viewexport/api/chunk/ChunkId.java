// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.chunk;

import io.viewexport.api.job.JobId;
import java.util.Objects;

/**
 * Names a chunk.
 *
 * @param job the job
 * @param view the number of the view in the request, from 0
 * @param chunk the number of the chunk in the view, from 0
 */
public record ChunkId(JobId job, int view, int chunk) {

  /**
   * Checks that the numbers are not negative.
   *
   * @param job the job
   * @param view the number of the view in the request, from 0
   * @param chunk the number of the chunk in the view, from 0
   */
  public ChunkId {
    Objects.requireNonNull(job, "job");
    if (view < 0 || chunk < 0) {
      throw new IllegalArgumentException("no chunk " + chunk + " of view " + view);
    }
  }
}
