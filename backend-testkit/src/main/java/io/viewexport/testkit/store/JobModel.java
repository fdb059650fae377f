// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.Skip;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the figures of a job are that has one view and one task in a worker's hands: by the meaning
 * of transitions, without a store.
 */
final class JobModel {
  private final Map<TaskType, Integer> left = new EnumMap<>(TaskType.class);
  private final TaskType held;
  private JobState state;
  private StopCause stop = StopCause.NONE;
  private TaskType stage;
  private int views;
  private int merged;
  private int unknown;
  private final int lostLeases;

  /** A job without a plan at first, whose plan has so many chunks, at the first task of a type. */
  JobModel(TaskType held, int chunks, int lostLeases) {
    this.held = held;
    this.stage = held;
    this.lostLeases = lostLeases;
    this.state = held == TaskType.CLEANUP ? JobState.COMPLETED : JobState.IN_PROGRESS;
    if (held == TaskType.PLAN) {
      left.put(TaskType.PLAN, 1);
    } else {
      plan(chunks);
      for (TaskType type : TaskType.values()) {
        if (type.compareTo(held) < 0) {
          left.put(type, 0);
        }
      }
      merged = held == TaskType.CLEANUP ? 1 : 0;
    }
  }

  private void plan(int chunks) {
    left.put(TaskType.SETUP, 1);
    left.put(TaskType.CHUNK, chunks);
    left.put(TaskType.FINALIZE, 1);
    left.put(TaskType.CLEANUP, 1);
    views = 1;
  }

  JobSnapshot snapshot() {
    return DecisionSpy.withAllTypes(
        new JobSnapshot(state, stop, stage, left, views, merged, unknown, lostLeases));
  }

  /** An event; gives what it does to the task. */
  Optional<TaskChange> meet(Decision decision, Optional<TaskSnapshot> task) {
    Transition first = decision.decide(snapshot(), task);
    Transition next = first;
    while (!next.equals(Transition.NONE)) {
      apply(next, task.isPresent());
      next = decision.advance(snapshot());
    }
    return first.task();
  }

  private void apply(Transition transition, boolean ofTask) {
    transition.plan().ifPresent(plan -> plan(plan.views().get(0).slices().size()));
    transition.task().ifPresent(this::change);
    if (transition.skip() == Skip.UNSTARTED) {
      boolean stillHeld = !ofTask;
      for (TaskType type : TaskType.values()) {
        if (type != TaskType.CLEANUP) {
          left.put(type, stillHeld && type == held ? 1 : 0);
        }
      }
    }
    stage = transition.release().orElse(stage);
    stop = transition.stop().orElse(stop);
    state = transition.state().orElse(state);
  }

  private void change(TaskChange change) {
    if (change.state().isFinal()) {
      left.merge(held, -1, Integer::sum);
    }
    merged += change.outcome().equals(Optional.of(MergeOutcome.MERGED)) ? 1 : 0;
    unknown += change.outcome().equals(Optional.of(MergeOutcome.UNKNOWN)) ? 1 : 0;
  }

  JobState state() {
    return state;
  }

  /** Whether a task that is in this state now can be claimed when it is due. */
  static boolean comesBack(TaskChange change) {
    return change.state() == TaskState.READY;
  }
}
