// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.JobState;
import java.util.Optional;

/** What follows from a job's counters alone: which stage opens, and when the job is at its end. */
final class Gates {
  private Gates() {}

  static Transition advance(JobSnapshot job) {
    Optional<JobState> end = job.state().isFinal() ? Optional.empty() : end(job);
    Optional<TaskType> release = nextStage(job);
    if (end.isEmpty() && release.isEmpty()) {
      return Transition.NONE;
    }
    return StateTable.lawful(job.state(), Transition.advance(release, end));
  }

  /** The final state that the job has reached, if it has. */
  private static Optional<JobState> end(JobSnapshot job) {
    boolean mergesOver = job.left(TaskType.FINALIZE) == 0;
    boolean allMerged = job.views() > 0 && job.merged() == job.views();
    return switch (job.stop()) {
      case NONE -> Optional.of(JobState.COMPLETED).filter(state -> allMerged);
      case FAILURE ->
          Optional.of(allMerged ? JobState.COMPLETED : JobState.FAILED).filter(end -> mergesOver);
      case CANCEL -> mergesOver ? endOfCancelled(job, allMerged) : Optional.empty();
    };
  }

  /** A planned job that is cancelled ends with its first clean-up. */
  private static Optional<JobState> endOfCancelled(JobSnapshot job, boolean allMerged) {
    if (job.unknown() > 0) {
      return Optional.of(JobState.FAILED);
    }
    if (allMerged) {
      return Optional.of(JobState.COMPLETED);
    }
    boolean unplanned = workOver(job) && job.left(TaskType.CLEANUP) == 0;
    return unplanned ? Optional.of(JobState.CANCELLED) : Optional.empty();
  }

  private static Optional<TaskType> nextStage(JobSnapshot job) {
    TaskType due = workOver(job) ? TaskType.CLEANUP : firstOpen(job);
    boolean opens = due.compareTo(job.stage()) > 0 && job.left(due) > 0;
    boolean barred = job.stop() != StopCause.NONE && due != TaskType.CLEANUP;
    return opens && !barred ? Optional.of(due) : Optional.empty();
  }

  private static TaskType firstOpen(JobSnapshot job) {
    for (TaskType type : TaskType.values()) {
      if (job.left(type) > 0) {
        return type;
      }
    }
    return TaskType.CLEANUP;
  }

  /** Whether nothing but the clean-up is left. */
  static boolean workOver(JobSnapshot job) {
    return job.left(TaskType.PLAN) == 0
        && job.left(TaskType.SETUP) == 0
        && job.left(TaskType.CHUNK) == 0
        && job.left(TaskType.FINALIZE) == 0;
  }
}
