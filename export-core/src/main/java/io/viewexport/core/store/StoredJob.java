// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import java.util.List;

/**
 * What a worker needs of a job to run its tasks. All but the state never changes after planning.
 *
 * @param id its id
 * @param request what was asked for
 * @param state where it is
 * @param views the planned views; empty before planning
 */
public record StoredJob(JobId id, ExportRequest request, JobState state, List<ExportView> views) {
  /** Copies the list. */
  public StoredJob {
    views = List.copyOf(views);
  }
}
