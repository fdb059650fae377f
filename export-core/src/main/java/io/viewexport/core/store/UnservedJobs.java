// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.JobId;
import java.util.List;
import java.util.Set;

/**
 * Jobs that could go on, were there a server with a backend of their kind.
 *
 * @param jobs unfinished jobs, none of them held back, of a kind that no server alive has announced
 *     and at which nobody works; the oldest first, at most 1000
 * @param served the kinds that are served
 */
public record UnservedJobs(List<JobId> jobs, Set<String> served) {
  /** Copies both. */
  public UnservedJobs {
    jobs = List.copyOf(jobs);
    served = Set.copyOf(served);
  }
}
