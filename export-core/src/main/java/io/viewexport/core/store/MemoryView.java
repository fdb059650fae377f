// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkAttempts;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.NextSince;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** What others see of a job in memory. */
final class MemoryView {
  static final Comparator<MemoryJob> NEWEST_FIRST =
      Comparator.<MemoryJob, Instant>comparing(job -> job.createdAt)
          .thenComparing(job -> job.id.value())
          .reversed();

  private MemoryView() {}

  static boolean isWanted(MemoryJob job, JobFilter filter) {
    ExportRequest request = job.request;
    return equalIfAsked(filter.principal(), request.principal())
        && equalIfAsked(filter.kind(), Optional.of(request.kind()))
        && equalIfAsked(filter.clientTrackingId(), request.clientTrackingId())
        && (filter.states().isEmpty() || filter.states().contains(job.state))
        && filter.createdFrom().filter(job.createdAt::isBefore).isEmpty()
        && filter.createdBefore().filter(before -> !job.createdAt.isBefore(before)).isEmpty()
        && filter.after().filter(last -> !follows(job, last)).isEmpty();
  }

  private static boolean equalIfAsked(Optional<String> asked, Optional<String> found) {
    return asked.isEmpty() || asked.equals(found);
  }

  private static boolean follows(MemoryJob job, JobFilter.Place last) {
    int order = job.createdAt.compareTo(last.createdAt());
    return order < 0 || (order == 0 && job.id.value().compareTo(last.id().value()) < 0);
  }

  static ExportJob exportJob(MemoryJob job, OptionalInt queuePosition) {
    Optional<MemoryTask> cleanup = find(job, TaskType.CLEANUP, 0);
    Optional<FailureCause> cleanupFailure =
        cleanup.filter(task -> task.state != TaskState.DONE).flatMap(MemoryTask::lastFailure);
    return new ExportJob(
        job.id,
        job.request,
        job.state,
        job.createdAt,
        Optional.ofNullable(job.startedAt),
        Optional.ofNullable(job.endedAt),
        outputs(job),
        Optional.ofNullable(job.failure),
        JobStateMachine.cleanupState(job.state, cleanup.map(task -> task.state)),
        cleanupFailure,
        queuePosition,
        job.stop == StopCause.CANCEL,
        job.snapshotMode);
  }

  private static List<ExportOutput> outputs(MemoryJob job) {
    List<ExportOutput> outputs = new ArrayList<>();
    for (int view = 0; view < job.request.views().size(); view++) {
      outputs.add(output(job, view));
    }
    return outputs;
  }

  private static ExportOutput output(MemoryJob job, int view) {
    ViewRequest asked = job.request.views().get(view);
    Optional<MemoryTask> merge = find(job, TaskType.FINALIZE, view);
    List<MemoryTask> chunks = job.tasks(TaskType.CHUNK, view);
    return new ExportOutput(
        asked.name(),
        asked.view(),
        merge.map(task -> task.outcome).orElseGet(() -> unplanned(job)),
        merge.flatMap(task -> Optional.ofNullable(task.location)),
        merge.flatMap(task -> Optional.ofNullable(task.counts)),
        chunks.size(),
        (int) chunks.stream().filter(task -> task.state == TaskState.DONE).count(),
        chunks.stream().mapToLong(task -> task.rowCount).sum(),
        chunks.stream().mapToLong(task -> task.byteCount).sum(),
        merge.filter(task -> task.outcome == MergeOutcome.MERGED).isPresent()
            ? nextSince(chunks)
            : NextSince.PENDING);
  }

  private static NextSince nextSince(List<MemoryTask> chunks) {
    return chunks.stream()
        .map(task -> Optional.ofNullable(task.origin).orElse(ChunkOrigin.UNKNOWN).nextSince())
        .reduce(NextSince::and)
        .orElse(NextSince.PENDING);
  }

  private static MergeOutcome unplanned(MemoryJob job) {
    return job.state.isFinal() ? MergeOutcome.NOT_MERGED : MergeOutcome.PENDING;
  }

  static List<AcceptedReceipt> receipts(MemoryJob job, int view) {
    List<AcceptedReceipt> receipts = new ArrayList<>();
    for (MemoryTask task : job.tasks(TaskType.CHUNK, view)) {
      if (task.receipt != null) {
        receipts.add(
            new AcceptedReceipt(
                chunkId(task),
                task.token,
                Objects.requireNonNull(task.origin).snapshotGeneration(),
                task.receipt));
      }
    }
    return receipts;
  }

  static List<CancelContext.EndedView> endedViews(MemoryJob job) {
    List<CancelContext.EndedView> ended = new ArrayList<>();
    for (int view = 0; view < job.views.size(); view++) {
      MemoryTask merge = Objects.requireNonNull(find(job, TaskType.FINALIZE, view).orElse(null));
      List<ChunkAttempts> chunks =
          job.tasks(TaskType.CHUNK, view).stream().map(MemoryView::attempts).toList();
      ended.add(
          new CancelContext.EndedView(
              job.views.get(view).view(), merge.outcome, chunks, merge.token));
    }
    return ended;
  }

  static ClaimedTask claimed(MemoryJob job, MemoryTask task, boolean startsJob) {
    return new ClaimedTask(
        new Lease(task.id, task.token, task.worker),
        task.kind,
        task.failures,
        task.lostLeases,
        task.inDoubt,
        job.stop,
        Optional.ofNullable(task.checkpoint),
        Optional.ofNullable(task.slice),
        job.generation,
        startsJob);
  }

  private static ChunkAttempts attempts(MemoryTask task) {
    OptionalInt winner =
        task.state == TaskState.DONE ? OptionalInt.of(task.token) : OptionalInt.empty();
    return new ChunkAttempts(chunkId(task), task.token, winner);
  }

  private static ChunkId chunkId(MemoryTask task) {
    return new ChunkId(task.id.job(), task.id.view(), task.id.chunk());
  }

  private static Optional<MemoryTask> find(MemoryJob job, TaskType type, int view) {
    return Optional.ofNullable(job.tasks.get(new TaskId(job.id, type, view, 0)));
  }
}
