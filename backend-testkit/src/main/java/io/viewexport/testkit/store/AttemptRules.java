// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.StoreWorld.PAST_LEASE;
import static io.viewexport.testkit.store.StoreWorld.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.CancelContext.EndedView;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.NewJob;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What belongs to an attempt, and what to its task. */
interface AttemptRules {

  @Test
  default void s21_theLastCheckpointIsThereForTheNextAttempt(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask first = world.one(job);
    assertThat(first.checkpoint()).isEmpty();
    assertThat(world.store.saveCheckpoint(first.lease(), "one")).isTrue();
    assertThat(world.store.saveCheckpoint(first.lease(), "two")).isTrue();
    world.settle(first, new TaskEvent.RetryLater(retryable("x"), Duration.ZERO));
    ClaimedTask second = world.one(job);
    assertThat(second.checkpoint()).as("after a failure").contains("two");
    world.advance(PAST_LEASE);
    ClaimedTask third = world.another().claim(claim("v", 1)).get(0);
    assertThat(third.checkpoint()).as("after a lost lease, elsewhere").contains("two");
    world.settle(third, TaskEvent.Released.UNTOUCHED);
    assertThat(world.one(job).checkpoint()).as("after it was handed back").contains("two");
  }

  @Test
  default void s21_aMergesCheckpointIsReplacedByTheLast(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask merge = world.bringTo(TaskType.FINALIZE, job);
    world.store.saveCheckpoint(merge.lease(), "begun");
    world.settle(merge, new TaskEvent.MergeContinues("statement", Duration.ZERO));
    assertThat(world.one(job).checkpoint()).contains("statement");
  }

  @Test
  default void s22_theProgressOfAnAttemptIsItsLastReportAndEndsWithIt(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.settleAll();
    ClaimedTask running = world.one(job);
    report(world, running, 30, 40);
    report(world, running, 55, 66);
    assertProgress(world, job, 55, 66);
    world.advance(PAST_LEASE);
    ClaimedTask again = world.one(job);
    assertProgress(world, job, 0, 0);
    report(world, running, 77, 77);
    assertProgress(world, job, 0, 0);
    report(world, again, 5, 6);
    world.settle(again, new TaskEvent.RetryLater(retryable("x"), Duration.ZERO));
    assertProgress(world, job, 0, 0);
    world.settle(world.one(job), new TaskEvent.ChunkExported(new ChunkReceipt("r", 8, 9)));
    assertProgress(world, job, 8, 9);
  }

  private static void report(StoreWorld world, ClaimedTask task, long rows, long bytes) {
    world.store.renew(List.of(new LeaseProgress(task.lease(), rows, bytes)), LEASE);
  }

  private static void assertProgress(StoreWorld world, NewJob job, long rows, long bytes) {
    ExportOutput output = world.find(job).outputs().get(0);
    assertThat(output.rowCount()).as("rows").isEqualTo(rows);
    assertThat(output.byteCount()).as("bytes").isEqualTo(bytes);
  }

  @Test
  default void s22_receiptsAreTheWinnersInTheOrderOfChunks(StoreWorld world) {
    NewJob job = world.create(planned(2, 3));
    world.settleAll();
    List<ClaimedTask> lost = world.claimAll();
    world.advance(PAST_LEASE);
    List<ClaimedTask> won = world.claimAll();
    assertThat(won).hasSameSizeAs(lost);
    for (int last = won.size() - 1; last >= 0; last--) {
      world.succeed(won.get(last));
    }
    List<AcceptedReceipt> receipts = world.store.receipts(job.id(), 1);
    assertThat(receipts).extracting(receipt -> receipt.chunk().chunk()).containsExactly(0, 1, 2);
    assertThat(receipts).allMatch(receipt -> receipt.attempt() == 2 && receipt.chunk().view() == 1);
    assertThat(receipts)
        .extracting(receipt -> receipt.receipt().payload())
        .containsExactly("1/0/a2", "1/1/a2", "1/2/a2");
    assertThat(world.store.receipts(job.id(), 7)).isEmpty();
  }

  /** The clean-up is told every attempt that was ever begun. */
  @Test
  default void s22_endedViewsNameEveryAttempt(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.settleAll();
    world.one(job);
    world.advance(PAST_LEASE);
    world.settle(world.one(job), new TaskEvent.RetryLater(retryable("x"), Duration.ZERO));
    world.succeed(world.one(job));
    world.settle(world.one(job), new TaskEvent.MergeContinues("s", Duration.ZERO));
    world.succeed(world.one(job));
    List<EndedView> ended = world.store.endedViews(job.id());
    assertThat(ended).hasSize(1);
    assertThat(ended.get(0).view()).isEqualTo(SampleJobs.view(0));
    assertThat(ended.get(0).merge()).isEqualTo(MergeOutcome.MERGED);
    assertThat(ended.get(0).finalizeAttempts()).isEqualTo(2);
    assertThat(ended.get(0).chunks()).hasSize(1);
    assertThat(ended.get(0).chunks().get(0).started()).isEqualTo(3);
    assertThat(ended.get(0).chunks().get(0).winner()).isEqualTo(OptionalInt.of(3));
  }

  @Test
  default void s23_failuresAndLostLeasesAreCountedApart(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask task = world.one(job);
    world.settle(task, new TaskEvent.RetryLater(retryable("x"), Duration.ZERO));
    task = world.one(job);
    assertCounts(task, 1, 0);
    world.settle(task, TaskEvent.Released.UNTOUCHED);
    task = world.one(job);
    assertCounts(task, 1, 0);
    world.advance(PAST_LEASE);
    task = world.one(job);
    assertCounts(task, 1, 1);
    world.advance(PAST_LEASE);
    task = world.one(job);
    assertCounts(task, 1, 2);
    world.settle(task, new TaskEvent.RetryLater(retryable("y"), Duration.ZERO));
    assertCounts(world.one(job), 2, 2);
  }

  private static void assertCounts(ClaimedTask task, int failures, int lostLeases) {
    assertThat(task.failures()).as("failures").isEqualTo(failures);
    assertThat(task.lostLeases()).as("lost leases").isEqualTo(lostLeases);
  }

  /** A worker that lost its lease may be frozen, and write when it wakes. */
  @Test
  default void s23_aLostLeaseIsFollowedByASecondCleanUpAfterAGraceTime(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.one(job);
    world.advance(PAST_LEASE);
    world.settleStages(4);
    assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.OPEN);
    assertThat(world.claimAll()).isEmpty();
    world.advance(Duration.ofMinutes(5));
    assertThat(types(world.settleAll())).containsExactly(TaskType.CLEANUP);
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.DONE);
  }

  @Test
  default void s24_aMergeWhoseLeaseRanOutIsInDoubt(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask first = world.bringTo(TaskType.FINALIZE, job);
    assertThat(first.inDoubt()).isFalse();
    world.advance(PAST_LEASE);
    ClaimedTask second = world.one(job);
    assertThat(second.inDoubt()).isTrue();
    world.settle(second, new TaskEvent.RetryLater(retryable("busy"), Duration.ZERO));
    ClaimedTask third = world.one(job);
    assertThat(third.inDoubt()).as("a failure without effect tells nothing").isTrue();

    world.cancel(job);
    world.settle(third, new TaskEvent.Stopped());
    ClaimedTask withdraw = world.one(job);
    assertThat(withdraw.inDoubt()).isTrue();
    assertThat(withdraw.stop()).isEqualTo(StopCause.CANCEL);
    world.settle(withdraw, new TaskEvent.GaveUp(retryable("lost")));
    assertThat(world.state(job)).isEqualTo(JobState.FAILED);
    assertThat(world.find(job).outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
    assertThat(world.store.endedViews(job.id()).get(0).merge()).isEqualTo(MergeOutcome.UNKNOWN);
  }

  @Test
  default void s24_otherTasksAreNotInDoubt(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.settleAll();
    world.one(job);
    world.advance(PAST_LEASE);
    assertThat(world.one(job).inDoubt()).isFalse();
  }
}
