// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.JobState;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs to list: newest first.
 *
 * @param principal only jobs on whose behalf; empty: all
 * @param states only jobs in one of these; empty: in any
 * @param limit the most to give; 1 to 1000
 * @param offset how many to pass over
 */
public record JobFilter(Optional<String> principal, Set<JobState> states, int limit, int offset) {

  /** The newest hundred. */
  public static final JobFilter NEWEST = new JobFilter(Optional.empty(), Set.of(), 100, 0);

  /** Copies the states and checks the paging. */
  public JobFilter {
    states = Set.copyOf(states);
    if (limit < 1 || limit > 1000 || offset < 0) {
      throw new IllegalArgumentException("no page of " + limit + " from " + offset);
    }
  }
}
