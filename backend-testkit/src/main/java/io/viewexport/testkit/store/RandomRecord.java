// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.CancelContext.EndedView;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.TaskId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a store answered, and whether that agrees with itself. */
final class RandomRecord {
  private final Queue<ClaimedTask> claims = new ConcurrentLinkedQueue<>();
  private final Map<Lease, TaskEvent> settled = new ConcurrentHashMap<>();

  void claimed(ClaimedTask task) {
    claims.add(task);
  }

  void settled(ClaimedTask task, TaskEvent event, boolean accepted) {
    if (accepted) {
      settled.put(task.lease(), event);
    }
  }

  Collection<ClaimedTask> claims() {
    return claims;
  }

  /** A lease that settled nothing was lost; one that told a failure counts as one. */
  void checkTokensAndCounts(String what) {
    Map<TaskId, List<ClaimedTask>> byTask =
        claims.stream().collect(Collectors.groupingBy(task -> task.lease().task()));
    byTask.forEach(
        (id, claimed) -> {
          claimed.sort(Comparator.comparing(task -> task.lease().token()));
          int failures = 0;
          int lost = 0;
          for (int number = 0; number < claimed.size(); number++) {
            ClaimedTask task = claimed.get(number);
            String which = what + ": " + task;
            assertThat(task.lease().token()).as("%s: token", which).isEqualTo(number + 1);
            assertThat(task.failures()).as("%s: failures", which).isEqualTo(failures);
            assertThat(task.lostLeases()).as("%s: lost leases", which).isEqualTo(lost);
            TaskEvent event = settled.get(task.lease());
            lost += event == null ? 1 : 0;
            failures += isFailure(event) ? 1 : 0;
          }
        });
  }

  private static boolean isFailure(@Nullable TaskEvent event) {
    return event instanceof TaskEvent.RetryLater || event instanceof TaskEvent.GaveUp;
  }

  void checkFigures(String what, JobStore store, ExportJob job) {
    List<EndedView> ended = store.endedViews(job.id());
    for (int view = 0; view < ended.size(); view++) {
      ExportOutput output = job.outputs().get(view);
      List<AcceptedReceipt> receipts = store.receipts(job.id(), view);
      assertThat(output.chunksDone()).as("%s: chunks done", what).isEqualTo(receipts.size());
      assertThat(output.rowCount()).as("%s: rows", what).isEqualTo(10L * receipts.size());
      assertThat(receipts.stream().map(receipt -> winner(job, receipt)))
          .as("%s: the winners told so", what)
          .allMatch(lease -> settled.get(lease) instanceof TaskEvent.ChunkExported);
      boolean merged = output.outcome() == MergeOutcome.MERGED;
      assertThat(merged)
          .as("%s: merged", what)
          .isEqualTo(told(new TaskId(job.id(), TaskType.FINALIZE, view, 0)));
      assertThat(ended.get(view).finalizeAttempts())
          .as("%s: merges begun", what)
          .isEqualTo(begun(new TaskId(job.id(), TaskType.FINALIZE, view, 0)));
      ended
          .get(view)
          .chunks()
          .forEach(
              chunk ->
                  assertThat(chunk.started())
                      .as("%s: attempts of %s", what, chunk.chunk())
                      .isEqualTo(
                          begun(
                              new TaskId(
                                  job.id(),
                                  TaskType.CHUNK,
                                  chunk.chunk().view(),
                                  chunk.chunk().chunk()))));
    }
    boolean allMerged =
        job.outputs().stream().allMatch(output -> output.outcome() == MergeOutcome.MERGED);
    assertThat(job.state() == JobState.COMPLETED)
        .as("%s: %s is completed", what, job.id())
        .isEqualTo(allMerged);
    assertThat(job.failure().isPresent()).isEqualTo(job.state() == JobState.FAILED);
  }

  private Lease winner(ExportJob job, AcceptedReceipt receipt) {
    TaskId id =
        new TaskId(job.id(), TaskType.CHUNK, receipt.chunk().view(), receipt.chunk().chunk());
    return claims.stream()
        .map(ClaimedTask::lease)
        .filter(lease -> lease.task().equals(id) && lease.token() == receipt.attempt())
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody has claimed " + receipt));
  }

  private boolean told(TaskId merge) {
    return settled.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().task().equals(merge)
                    && entry.getValue() instanceof TaskEvent.Merged);
  }

  private int begun(TaskId id) {
    return (int) claims.stream().filter(task -> task.lease().task().equals(id)).count();
  }
}
