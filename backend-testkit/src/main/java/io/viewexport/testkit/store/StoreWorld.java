// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A fresh shared state with servers on it, and what the tests do with them. */
final class StoreWorld implements AutoCloseable {
  static final Decision CANCEL = on(new JobEvent.CancelRequested());

  /** Longer than any lease of the tests, with room for a slow machine. */
  static final Duration PAST_LEASE = LEASE.plusSeconds(1);

  final JobStore store;
  private final JobStoreFixture fixture;
  private final List<JobStore> opened = new ArrayList<>();

  StoreWorld(JobStoreFixture fixture) {
    this.fixture = fixture;
    this.store = another();
  }

  /** One more server's. */
  JobStore another() {
    JobStore next = fixture.openStore();
    opened.add(next);
    return next;
  }

  /** So many servers' in all. */
  List<JobStore> servers(int count) {
    while (opened.size() < count) {
      another();
    }
    return List.copyOf(opened.subList(0, count));
  }

  void advance(Duration time) {
    fixture.advance(time);
  }

  NewJob create(NewJob job) {
    assertThat(store.create(job)).as("id of the job created").isEqualTo(job.id());
    return job;
  }

  List<ClaimedTask> claimAll() {
    return store.claim(claim("w", 1000));
  }

  /** Claims one task of this job; the store holds no other that is due. */
  ClaimedTask one(NewJob job) {
    List<ClaimedTask> tasks = store.claim(claim("w", 1));
    assertThat(tasks).as("a task that is due").hasSize(1);
    assertThat(tasks.get(0).lease().task().job()).isEqualTo(job.id());
    return tasks.get(0);
  }

  boolean settle(ClaimedTask task, TaskEvent event) {
    return store.settle(task.lease(), on(event));
  }

  boolean succeed(ClaimedTask task) {
    return settle(task, success(task));
  }

  LeaseStatus renew(ClaimedTask task) {
    return renew(task, LEASE);
  }

  LeaseStatus renew(ClaimedTask task, Duration lease) {
    return renew(store, task, lease);
  }

  static LeaseStatus renew(JobStore store, ClaimedTask task, Duration lease) {
    return store
        .renew(List.of(new LeaseProgress(task.lease(), 0, 0)), lease)
        .getOrDefault(task.lease(), LeaseStatus.LOST);
  }

  /** Claims all that is due now and lets it succeed. */
  List<ClaimedTask> settleAll() {
    List<ClaimedTask> claimed = claimAll();
    for (ClaimedTask task : claimed) {
      assertThat(succeed(task)).as("a lease that was just claimed settles").isTrue();
    }
    return claimed;
  }

  /** The job's next task of this type, with all before it done; nothing else is due. */
  ClaimedTask bringTo(TaskType type, NewJob job) {
    ClaimedTask task = one(job);
    while (task.lease().task().type() != type) {
      succeed(task);
      task = one(job);
    }
    return task;
  }

  void settleStages(int stages) {
    for (int stage = 0; stage < stages; stage++) {
      settleAll();
    }
  }

  void runToEnd(NewJob job) {
    for (int rounds = 0; rounds < 20 && !settleAll().isEmpty(); rounds++) {
      assertThat(find(job).id()).isEqualTo(job.id());
    }
    assertThat(state(job).isFinal()).as("%s is at its end", job.id()).isTrue();
  }

  void cancel(NewJob job) {
    assertThat(store.update(job.id(), CANCEL)).as("the job is known").isTrue();
  }

  ExportJob find(NewJob job) {
    return store.find(job.id()).orElseThrow(() -> new AssertionError("job not found"));
  }

  JobState state(NewJob job) {
    return find(job).state();
  }

  List<JobId> ids(JobFilter filter) {
    return store.list(filter).stream().map(ExportJob::id).toList();
  }

  static List<TaskType> types(List<ClaimedTask> tasks) {
    return tasks.stream().map(task -> task.lease().task().type()).toList();
  }

  @Override
  public void close() {
    opened.forEach(JobStore::close);
    fixture.close();
  }
}
