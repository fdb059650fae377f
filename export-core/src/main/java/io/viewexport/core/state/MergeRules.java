// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.TaskEvent.GaveUp;
import io.viewexport.core.state.TaskEvent.MergeContinues;
import io.viewexport.core.state.TaskEvent.MergeWithdrawn;
import io.viewexport.core.state.TaskEvent.Merged;
import io.viewexport.core.state.TaskEvent.Released;
import io.viewexport.core.state.TaskEvent.RetryLater;
import io.viewexport.core.state.TaskEvent.Stopped;
import java.time.Duration;

/**
 * What the end of an attempt at a {@code FINALIZE} leads to. Doubt about a merge that may have
 * begun ends only with the word that it was made, or that it never will be.
 */
final class MergeRules {
  private MergeRules() {}

  static Transition on(TaskEvent event, JobSnapshot job, TaskSnapshot task) {
    boolean stopping = job.stop() != StopCause.NONE;
    if (event instanceof Merged merged) {
      return Transition.only(
          TaskChange.of(task, TaskState.DONE).withMerge(merged.location(), merged.counts()));
    }
    if (event instanceof MergeWithdrawn && stopping) {
      return Transition.only(notMerged(task, TaskState.SKIPPED));
    }
    if (event instanceof MergeContinues again) {
      return Transition.only(
          TaskChange.again(task, again.after()).withCheckpoint(again.checkpoint()).withDoubt(true));
    }
    if (event instanceof RetryLater retry) {
      return retry(retry, task, stopping);
    }
    if (event instanceof GaveUp given) {
      return giveUp(given, job, task);
    }
    if (event instanceof Released released) {
      boolean doubt = task.inDoubt() || released.mergeMayHaveBegun();
      return free(task, released.delay(), doubt, stopping);
    }
    if (event instanceof Stopped) {
      return free(task, Duration.ZERO, task.inDoubt(), stopping);
    }
    return Transition.NONE;
  }

  private static Transition free(
      TaskSnapshot task, Duration delay, boolean doubt, boolean stopping) {
    return Transition.only(
        stopping && !doubt
            ? notMerged(task, TaskState.SKIPPED)
            : TaskChange.again(task, delay).withDoubt(doubt));
  }

  private static Transition retry(RetryLater event, TaskSnapshot task, boolean stopping) {
    boolean doubt = doubt(task, event.cause());
    TaskChange change =
        stopping && !doubt
            ? notMerged(task, TaskState.SKIPPED)
            : TaskChange.again(task, event.delay()).withDoubt(doubt);
    return Transition.only(change.withFailure(event.cause()));
  }

  /** A merge that stays unknown makes a failure of a cancel, too. */
  private static Transition giveUp(GaveUp event, JobSnapshot job, TaskSnapshot task) {
    if (staysUnknown(task, event.cause())) {
      TaskChange unknown =
          TaskChange.of(task, TaskState.FAILED)
              .withDoubt(true)
              .withOutcome(MergeOutcome.UNKNOWN)
              .withFailure(event.cause());
      return job.stop() == StopCause.FAILURE
          ? Transition.only(unknown)
          : Transition.failure(unknown);
    }
    return job.stop() == StopCause.NONE
        ? Transition.failure(notMerged(task, TaskState.FAILED).withFailure(event.cause()))
        : Transition.only(notMerged(task, TaskState.SKIPPED).withFailure(event.cause()));
  }

  /** A permanent failure says that no attempt has merged or will. */
  private static boolean staysUnknown(TaskSnapshot task, FailureCause cause) {
    return doubt(task, cause) && cause.kind() != FailureKind.PERMANENT;
  }

  private static boolean doubt(TaskSnapshot task, FailureCause cause) {
    return task.inDoubt() || cause.kind() == FailureKind.OUTCOME_UNKNOWN;
  }

  private static TaskChange notMerged(TaskSnapshot task, TaskState state) {
    return TaskChange.of(task, state).withDoubt(false).withOutcome(MergeOutcome.NOT_MERGED);
  }
}
