// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.JobState;
import java.util.Map;
import java.util.Set;

/** The moves that jobs and tasks may make; there are no others. */
final class StateTable {
  private static final Map<JobState, Set<JobState>> JOB =
      Map.of(
          JobState.ACCEPTED, Set.of(JobState.IN_PROGRESS, JobState.CANCELING, JobState.FAILED),
          JobState.IN_PROGRESS, Set.of(JobState.CANCELING, JobState.COMPLETED, JobState.FAILED),
          JobState.CANCELING, Set.of(JobState.CANCELLED, JobState.COMPLETED, JobState.FAILED),
          JobState.COMPLETED, Set.of(),
          JobState.FAILED, Set.of(),
          JobState.CANCELLED, Set.of());

  /**
   * {@code LEASED} to {@code LEASED}: the lease ran out, and another worker has claimed the task.
   * {@code DONE} to {@code READY}: a chunk was read under a shared snapshot that was lost before
   * all were.
   */
  private static final Map<TaskState, Set<TaskState>> TASK =
      Map.of(
          TaskState.WAITING, Set.of(TaskState.READY, TaskState.SKIPPED),
          TaskState.READY, Set.of(TaskState.LEASED, TaskState.SKIPPED),
          TaskState.LEASED,
              Set.of(
                  TaskState.LEASED,
                  TaskState.READY,
                  TaskState.DONE,
                  TaskState.FAILED,
                  TaskState.SKIPPED),
          TaskState.DONE, Set.of(TaskState.READY),
          TaskState.FAILED, Set.of(),
          TaskState.SKIPPED, Set.of());

  private StateTable() {}

  static Set<JobState> movesOf(JobState from) {
    return JOB.getOrDefault(from, Set.of());
  }

  static Set<TaskState> movesOf(TaskState from) {
    return TASK.getOrDefault(from, Set.of());
  }

  /** The transition, or none where it asks for a move that a job or a leased task may not make. */
  static Transition lawful(JobState from, Transition transition) {
    boolean jobMoves =
        transition.state().isEmpty() || movesOf(from).contains(transition.state().get());
    boolean taskMoves =
        transition.task().isEmpty()
            || movesOf(TaskState.LEASED).contains(transition.task().get().state());
    return jobMoves && taskMoves ? transition : Transition.NONE;
  }
}
