// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what a store shows a decision. A store may ask more than once; the last time counts. */
final class DecisionSpy implements Decision {
  private final Decision decision;
  private final List<JobSnapshot> jobs = new CopyOnWriteArrayList<>();
  private final List<Optional<TaskSnapshot>> tasks = new CopyOnWriteArrayList<>();

  DecisionSpy(Decision decision) {
    this.decision = decision;
  }

  @Override
  public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
    jobs.add(job);
    tasks.add(task);
    return decision.decide(job, task);
  }

  @Override
  public Transition advance(JobSnapshot job) {
    return decision.advance(job);
  }

  JobSnapshot job() {
    return withAllTypes(jobs.get(jobs.size() - 1));
  }

  Optional<TaskSnapshot> task() {
    return tasks.get(tasks.size() - 1);
  }

  /** A missing counter is 0: the same, where snapshots are compared. */
  static JobSnapshot withAllTypes(JobSnapshot job) {
    Map<TaskType, Integer> left = new EnumMap<>(TaskType.class);
    for (TaskType type : TaskType.values()) {
      left.put(type, job.left(type));
    }
    return new JobSnapshot(
        job.state(),
        job.stop(),
        job.stage(),
        left,
        job.views(),
        job.merged(),
        job.unknown(),
        job.lostLeases());
  }
}
