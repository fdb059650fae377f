// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.JobState;
import io.viewexport.core.store.PlannedExport;
import java.util.Optional;

/**
 * What a store writes in one transaction, in this order: the plan's tasks (all {@code WAITING}),
 * the change of the one task, the tasks skipped, the tasks released, the job's own fields.
 *
 * @param plan tasks to add: {@code SETUP}, {@code CHUNK}, {@code FINALIZE} per view and one {@code
 *     CLEANUP}
 * @param task change of the task that the event is about
 * @param skipUnstarted whether every task is skipped that nobody holds and that has nothing to find
 *     out: all but {@code LEASED} ones, {@code FINALIZE} in doubt (which become due at once) and
 *     {@code CLEANUP}; a skipped {@code FINALIZE} is {@code NOT_MERGED}
 * @param release the type of tasks that turn from {@code WAITING} to {@code READY}, due at once; it
 *     becomes the job's stage
 * @param state the job's new state; a final one sets the time of its end
 * @param stop the job's new stop cause; {@code FAILURE} keeps this task's failure as the job's
 */
public record Transition(
    Optional<PlannedExport> plan,
    Optional<TaskChange> task,
    boolean skipUnstarted,
    Optional<TaskType> release,
    Optional<JobState> state,
    Optional<StopCause> stop) {

  /** Nothing changes. */
  public static final Transition NONE =
      new Transition(
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
}
