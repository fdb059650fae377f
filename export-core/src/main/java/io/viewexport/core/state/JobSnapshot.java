// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.JobState;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the state machine sees of a job: its state and counters, as they stand inside the store's
 * transaction.
 *
 * @param state the public state
 * @param stop whether and why it is being brought to an end
 * @param stage the type of tasks that were released last
 * @param left for each type the number of tasks that are in no final state; a missing type counts 0
 * @param views number of views that were planned; 0 before planning
 * @param merged number of views known to be merged
 * @param unknown number of views whose merge was given up with its outcome unknown
 * @param lostLeases how many leases of its tasks ran out without a word from the worker
 * @param snapshotGeneration which shared snapshot its chunks have to be of; 0: each has its own
 */
public record JobSnapshot(
    JobState state,
    StopCause stop,
    TaskType stage,
    Map<TaskType, Integer> left,
    int views,
    int merged,
    int unknown,
    int lostLeases,
    int snapshotGeneration) {

  /** A job whose chunks have snapshots of their own. */
  public JobSnapshot(
      JobState state,
      StopCause stop,
      TaskType stage,
      Map<TaskType, Integer> left,
      int views,
      int merged,
      int unknown,
      int lostLeases) {
    this(state, stop, stage, left, views, merged, unknown, lostLeases, 0);
  }

  /** Copies the counters. */
  public JobSnapshot {
    EnumMap<TaskType, Integer> copy = new EnumMap<>(TaskType.class);
    copy.putAll(left);
    left = java.util.Collections.unmodifiableMap(copy);
  }

  /** The number of tasks of this type that are in no final state. */
  public int left(TaskType type) {
    return left.getOrDefault(type, 0);
  }
}
