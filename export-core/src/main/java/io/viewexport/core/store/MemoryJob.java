// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job in memory with its tasks; guarded by its store's lock. */
final class MemoryJob {
  final JobId id;
  final ExportRequest request;
  final Instant createdAt;
  final Map<TaskId, MemoryTask> tasks = new LinkedHashMap<>();
  List<PlannedExport.PlannedView> views = List.of();
  JobState state = JobState.ACCEPTED;
  StopCause stop = StopCause.NONE;
  @Nullable Instant startedAt;
  @Nullable Instant endedAt;
  @Nullable Instant cleanedAt;
  @Nullable ExportFailure failure;
  SnapshotMode snapshotMode;
  int generation;
  @Nullable Snapshot snapshot;
  int lostLeases;
  boolean admitted;

  private final MemoryQueue queue;
  private final Map<TaskType, Integer> left = new EnumMap<>(TaskType.class);
  private TaskType stage;

  /** A shared snapshot in somebody's hands. */
  record Snapshot(HeldSnapshot held, String worker, Instant openedAt, Instant until) {}

  MemoryJob(NewJob job, MemoryQueue queue, Instant createdAt, Instant now) {
    this.id = job.id();
    this.request = job.request();
    this.snapshotMode = request.snapshotMode();
    this.queue = queue;
    this.createdAt = createdAt;
    if (job.plan().isPresent()) {
      add(job.plan().get());
    } else {
      add(TaskType.PLAN, 0, 0, null);
    }
    stage = job.plan().isPresent() ? TaskType.SETUP : TaskType.PLAN;
    if (!job.heldBack()) {
      admit(now);
    }
  }

  /** Lets it begin. */
  void admit(Instant now) {
    admitted = true;
    release(stage, now);
  }

  List<MemoryTask> tasks(TaskType type, int view) {
    return tasks.values().stream()
        .filter(task -> task.id.type() == type && task.id.view() == view)
        .toList();
  }

  JobSnapshot snapshot() {
    return new JobSnapshot(
        state,
        stop,
        stage,
        left,
        views.size(),
        merges(MergeOutcome.MERGED),
        merges(MergeOutcome.UNKNOWN),
        lostLeases,
        generation);
  }

  /** Whether chunks are still to be read under a shared snapshot. */
  boolean wantsSnapshot() {
    return snapshotMode == SnapshotMode.SHARED
        && state == JobState.IN_PROGRESS
        && stop == StopCause.NONE
        && stage == TaskType.CHUNK
        && left.getOrDefault(TaskType.CHUNK, 0) > 0;
  }

  Instant openedAt() {
    return Objects.requireNonNull(snapshot).openedAt();
  }

  void prolong(Instant until) {
    Snapshot held = Objects.requireNonNull(snapshot);
    snapshot = new Snapshot(held.held(), held.worker(), held.openedAt(), until);
  }

  /** Has the chunks that are done be done once more. */
  void voidReceipts(Instant now) {
    for (MemoryTask task : tasks.values()) {
      if (task.id.type() == TaskType.CHUNK && task.state == TaskState.DONE) {
        task.voidReceipt(now);
        left.merge(TaskType.CHUNK, 1, Integer::sum);
        queue.add(task);
      }
    }
  }

  private int merges(MergeOutcome outcome) {
    int count = 0;
    for (int view = 0; view < views.size(); view++) {
      MemoryTask merge = tasks.get(new TaskId(id, TaskType.FINALIZE, view, 0));
      count += merge != null && merge.outcome == outcome ? 1 : 0;
    }
    return count;
  }

  /** Gives a task to a worker; returns whether the job begins with it. */
  boolean lease(MemoryTask task, ClaimRequest request, Instant now) {
    queue.remove(task);
    if (task.state == TaskState.LEASED) {
      task.loseLease();
      lostLeases++;
    }
    task.lease(request.worker(), now.plus(request.lease()));
    queue.add(task);
    boolean starts = state == JobState.ACCEPTED;
    if (starts) {
      state = JobState.IN_PROGRESS;
      startedAt = now;
    }
    return starts;
  }

  /** Applies what a decision made of an event, then what follows from the counters. */
  void apply(Decision decision, Optional<MemoryTask> task, Instant now) {
    Transition next = decision.decide(snapshot(), task.map(MemoryTask::snapshot));
    while (!next.equals(Transition.NONE)) {
      apply(next, task, now);
      next = decision.advance(snapshot());
    }
  }

  private void apply(Transition transition, Optional<MemoryTask> task, Instant now) {
    transition.plan().ifPresent(this::add);
    transition.task().ifPresent(change -> change(task.orElseThrow(), change, now));
    switch (transition.skip()) {
      case NONE -> {}
      case UNSTARTED -> skipUnstarted(now);
      case UNHELD -> skipUnheld(now);
    }
    transition.release().ifPresent(type -> release(type, now));
    transition.stop().ifPresent(cause -> stop(cause, task));
    failure = transition.failure().orElse(failure);
    transition.state().ifPresent(next -> move(next, now));
    boolean over = state.isFinal() && left.values().stream().allMatch(count -> count == 0);
    cleanedAt = over ? now : null;
  }

  private void move(JobState next, Instant now) {
    state = next;
    endedAt = next.isFinal() ? now : null;
    failure = next.isFinal() && next != JobState.FAILED ? null : failure;
  }

  private void stop(StopCause cause, Optional<MemoryTask> task) {
    stop = cause;
    if (cause == StopCause.FAILURE && task.isPresent()) {
      MemoryTask failed = task.get();
      FailureCause last = Objects.requireNonNull(failed.last);
      FailureCause first = Objects.requireNonNullElse(failed.first, last);
      failure = new ExportFailure(failed.id.describe(request), failed.failures, first, last);
    }
  }

  private void change(MemoryTask task, TaskChange change, Instant now) {
    queue.remove(task);
    task.apply(change, now);
    ended(task);
    queue.add(task);
  }

  private void ended(MemoryTask task) {
    if (task.state.isFinal()) {
      left.merge(task.id.type(), -1, Integer::sum);
    }
  }

  private void skipUnstarted(Instant now) {
    for (MemoryTask task : tasks.values()) {
      boolean unstarted = task.state == TaskState.WAITING || task.state == TaskState.READY;
      if (!unstarted || task.id.type() == TaskType.CLEANUP) {
        continue;
      }
      queue.remove(task);
      if (task.inDoubt) {
        task.dueAt = now;
      } else {
        task.state = TaskState.SKIPPED;
        task.outcome = task.id.type() == TaskType.FINALIZE ? MergeOutcome.NOT_MERGED : task.outcome;
        ended(task);
      }
      queue.add(task);
    }
  }

  private void skipUnheld(Instant now) {
    for (MemoryTask task : tasks.values()) {
      boolean unheld = !task.state.isFinal() && !task.isHeldAt(now);
      if (unheld && task.id.type() != TaskType.CLEANUP) {
        queue.remove(task);
        task.drop();
        ended(task);
      }
    }
  }

  private void release(TaskType type, Instant now) {
    stage = type;
    for (MemoryTask task : tasks.values()) {
      if (task.id.type() == type && task.state == TaskState.WAITING) {
        task.state = TaskState.READY;
        task.dueAt = now;
        queue.add(task);
      }
    }
  }

  private void add(PlannedExport plan) {
    views = plan.views();
    int chunks = 0;
    for (int view = 0; view < views.size(); view++) {
      PlannedExport.PlannedView planned = views.get(view);
      add(TaskType.SETUP, view, view, null);
      for (int chunk = 0; chunk < planned.slices().size(); chunk++) {
        TaskId taskId = new TaskId(id, TaskType.CHUNK, view, chunk);
        add(new MemoryTask(taskId, request.kind(), chunks++, planned.slices().get(chunk), null));
      }
      add(TaskType.FINALIZE, view, view, planned.exclusionKey());
    }
    add(TaskType.CLEANUP, 0, 0, null);
  }

  private void add(TaskType type, int view, int ordinal, @Nullable String exclusionKey) {
    TaskId taskId = new TaskId(id, type, view, 0);
    add(new MemoryTask(taskId, request.kind(), ordinal, null, exclusionKey));
  }

  private void add(MemoryTask task) {
    tasks.put(task.id, task);
    left.merge(task.id.type(), 1, Integer::sum);
  }
}
