// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.JobState;
import io.viewexport.core.state.TaskEvent.CleanedUp;
import io.viewexport.core.state.TaskEvent.GaveUp;
import io.viewexport.core.state.TaskEvent.Released;
import io.viewexport.core.state.TaskEvent.RetryLater;
import io.viewexport.core.state.TaskEvent.Stopped;
import java.time.Duration;
import java.util.Optional;

/**
 * What the end of an attempt at a {@code CLEANUP} leads to. A second pass follows where a lease was
 * lost: its worker may have been frozen, and may still write when it wakes.
 */
final class CleanupRules {
  private CleanupRules() {}

  static Transition on(TaskEvent event, JobSnapshot job, TaskSnapshot task) {
    if (event instanceof CleanedUp cleaned) {
      return ending(job, cleaned(cleaned, job, task));
    }
    if (event instanceof RetryLater retry) {
      return Transition.only(TaskChange.again(task, retry.delay()).withFailure(retry.cause()));
    }
    if (event instanceof GaveUp given) {
      return ending(job, TaskChange.of(task, TaskState.FAILED).withFailure(given.cause()));
    }
    if (event instanceof Released released) {
      return Transition.only(TaskChange.again(task, released.delay()));
    }
    if (event instanceof Stopped) {
      return Transition.only(TaskChange.again(task, Duration.ZERO));
    }
    return Transition.NONE;
  }

  private static TaskChange cleaned(CleanedUp event, JobSnapshot job, TaskSnapshot task) {
    boolean again = task.passes() == 0 && job.lostLeases() > 0;
    TaskChange change =
        again ? TaskChange.again(task, event.graceDelay()) : TaskChange.of(task, TaskState.DONE);
    return change.withPasses(task.passes() + 1);
  }

  private static Transition ending(JobSnapshot job, TaskChange change) {
    return job.state() == JobState.CANCELING
        ? Transition.only(change).withState(Optional.of(JobState.CANCELLED))
        : Transition.only(change);
  }
}
