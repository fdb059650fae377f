// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.JobState;
import java.util.Optional;

/**
 * What a store writes in one transaction, in this order: the plan's tasks (all {@code WAITING}),
 * the change of the one task, the tasks skipped, the tasks released, the job's own fields.
 *
 * @param plan tasks to add: {@code SETUP}, {@code CHUNK}, {@code FINALIZE} per view and one {@code
 *     CLEANUP}
 * @param task change of the task that the event is about
 * @param skip which tasks are not to be done any more
 * @param release the type of tasks that turn from {@code WAITING} to {@code READY}, due at once; it
 *     becomes the job's stage
 * @param state the job's new state; a final one sets the time of its end, and only a failed job
 *     keeps a failure
 * @param stop the job's new stop cause; {@code FAILURE} keeps this task's failure as the job's
 * @param failure the job's failure where it is no task's: what it is should the job fail
 */
public record Transition(
    Optional<PlannedExport> plan,
    Optional<TaskChange> task,
    Skip skip,
    Optional<TaskType> release,
    Optional<JobState> state,
    Optional<StopCause> stop,
    Optional<ExportFailure> failure) {

  /** Nothing changes. */
  public static final Transition NONE =
      new Transition(
          Optional.empty(),
          Optional.empty(),
          Skip.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Nothing but a change of the task. */
  static Transition only(TaskChange change) {
    return new Transition(
        Optional.empty(),
        Optional.of(change),
        Skip.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The plan is there. */
  static Transition planned(PlannedExport plan, TaskChange change) {
    return new Transition(
        Optional.of(plan),
        Optional.of(change),
        Skip.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The task is given up, and with it the job. */
  static Transition failure(TaskChange change) {
    return new Transition(
        Optional.empty(),
        Optional.of(change),
        Skip.UNSTARTED,
        Optional.empty(),
        Optional.empty(),
        Optional.of(StopCause.FAILURE),
        Optional.empty());
  }

  /** The job is given up for what is no task's failure. */
  static Transition failure(ExportFailure failure) {
    return new Transition(
        Optional.empty(),
        Optional.empty(),
        Skip.UNSTARTED,
        Optional.empty(),
        Optional.empty(),
        Optional.of(StopCause.FAILURE),
        Optional.of(failure));
  }

  /** No server does the job's work: what nobody works at is given up, and with it the job. */
  static Transition unserved(Optional<StopCause> stop, Optional<ExportFailure> failure) {
    return new Transition(
        Optional.empty(),
        Optional.empty(),
        Skip.UNHELD,
        Optional.empty(),
        Optional.empty(),
        stop,
        failure);
  }

  /** The job is cancelled: what has not begun is not begun any more. */
  static Transition cancel() {
    return new Transition(
        Optional.empty(),
        Optional.empty(),
        Skip.UNSTARTED,
        Optional.empty(),
        Optional.of(JobState.CANCELING),
        Optional.of(StopCause.CANCEL),
        Optional.empty());
  }

  /** A stage opens, the job ends, or both. */
  static Transition advance(Optional<TaskType> release, Optional<JobState> state) {
    return new Transition(
        Optional.empty(),
        Optional.empty(),
        Skip.NONE,
        release,
        state,
        Optional.empty(),
        Optional.empty());
  }

  Transition withState(Optional<JobState> next) {
    return new Transition(plan, task, skip, release, next, stop, failure);
  }
}
