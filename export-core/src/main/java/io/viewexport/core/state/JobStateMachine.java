// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.JobState;
import java.util.Optional;

/**
 * Says what follows from an event. A pair of state and event that can't occur changes nothing.
 *
 * <p>The move from {@code ACCEPTED} to {@code IN_PROGRESS} alone is not decided here: the store
 * makes it when the first task is claimed.
 */
public final class JobStateMachine {
  private JobStateMachine() {}

  /** What follows from the end of an attempt at a task. */
  public static Decision on(TaskEvent event) {
    return new OfTask(event);
  }

  /** What follows from an event that is about a job. */
  public static Decision on(JobEvent event) {
    return new OfJob(event);
  }

  /**
   * How clients see the clean-up of a job.
   *
   * @param job the job's state
   * @param cleanup the state of its clean-up task; empty: it was never planned, there is nothing
   */
  public static CleanupState cleanupState(JobState job, Optional<TaskState> cleanup) {
    if (!job.isFinal()) {
      return CleanupState.NOT_DUE;
    }
    return switch (cleanup.orElse(TaskState.DONE)) {
      case DONE, SKIPPED -> CleanupState.DONE;
      case FAILED -> CleanupState.FAILED;
      case WAITING, READY, LEASED -> CleanupState.OPEN;
    };
  }

  private record OfTask(TaskEvent event) implements Decision {
    @Override
    public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
      return task.map(held -> StateTable.lawful(job.state(), of(job, held)))
          .orElse(Transition.NONE);
    }

    private Transition of(JobSnapshot job, TaskSnapshot task) {
      return switch (task.type()) {
        case PLAN, SETUP, CHUNK -> WorkRules.on(event, job, task);
        case FINALIZE -> MergeRules.on(event, job, task);
        case CLEANUP -> CleanupRules.on(event, job, task);
      };
    }

    @Override
    public Transition advance(JobSnapshot job) {
      return Gates.advance(job);
    }
  }

  private record OfJob(JobEvent event) implements Decision {
    @Override
    public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
      if (job.state().isFinal()) {
        return Transition.NONE;
      }
      if (event instanceof JobEvent.Unserved unserved) {
        return StateTable.lawful(job.state(), UnservedRules.on(unserved, job));
      }
      if (event instanceof JobEvent.SnapshotGivenUp given) {
        return job.stop() == StopCause.NONE
            ? Transition.failure(
                new ExportFailure("shared snapshot", 0, given.cause(), given.cause()))
            : Transition.NONE;
      }
      return job.stop() == StopCause.NONE
          ? StateTable.lawful(job.state(), Transition.cancel())
          : Transition.NONE;
    }

    @Override
    public Transition advance(JobSnapshot job) {
      return Gates.advance(job);
    }
  }
}
