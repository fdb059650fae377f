// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.success;
import static io.viewexport.testkit.store.StoreWorld.PAST_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a lease lasts, and what it is good for afterwards. */
interface LeaseRules {
  /** What a slow machine may take between two calls. */
  Duration SLACK = Duration.ofSeconds(5);

  @ParameterizedTest
  @ValueSource(ints = {30, 60, 180})
  default void s17_aLeaseIsTakenOverOnlyOnceItRanOut(int seconds, StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    Duration lease = Duration.ofSeconds(seconds);
    ClaimRequest request = new ClaimRequest("w", Set.of(SampleJobs.KIND), 1, lease);
    ClaimedTask first = world.store.claim(request).get(0);
    world.advance(lease.minus(SLACK));
    assertThat(world.claimAll()).as("the lease lasts").isEmpty();
    world.advance(SLACK.plusSeconds(1));
    List<ClaimedTask> second = world.store.claim(claim("v", 9));
    assertThat(second).as("the lease has run out").hasSize(1);
    assertThat(second.get(0).lease()).isEqualTo(new Lease(first.lease().task(), 2, "v"));
    assertThat(world.state(job).isFinal()).isFalse();
  }

  /** The servers' own clocks don't matter: a task whose worker is gone is claimed by anybody. */
  @Test
  default void s17_itsOwnWorkerMayTakeItOverToo(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.one(job);
    world.advance(PAST_LEASE);
    assertThat(world.one(job).lease().token()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 60, 180})
  default void s18_twoRenewalsLastAsLongAsTheySay(int seconds, StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    Duration lease = Duration.ofSeconds(seconds);
    ClaimedTask task = world.one(job);
    for (int beat = 0; beat < 2; beat++) {
      world.advance(SLACK);
      assertThat(world.renew(task, lease)).isEqualTo(LeaseStatus.HELD);
      world.advance(lease.minus(SLACK.multipliedBy(2)));
      assertThat(world.claimAll()).as("beat %s lasts for %s", beat, lease).isEmpty();
    }
    world.advance(SLACK.multipliedBy(2).plusSeconds(1));
    assertThat(world.claimAll()).as("and no longer").hasSize(1);
  }

  @Test
  default void s18_aRenewalCanShortenALease(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask task = world.one(job);
    assertThat(world.renew(task, Duration.ofMinutes(10))).isEqualTo(LeaseStatus.HELD);
    assertThat(world.renew(task, LEASE)).isEqualTo(LeaseStatus.HELD);
    world.advance(PAST_LEASE);
    assertThat(world.claimAll()).hasSize(1);
  }

  @Test
  default void s18_aLeaseThatRanOutIsRenewedWhereNobodyTookIt(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask task = world.one(job);
    world.advance(PAST_LEASE);
    assertThat(world.renew(task)).isEqualTo(LeaseStatus.HELD);
    assertThat(world.claimAll()).isEmpty();
    assertThat(world.succeed(task)).isTrue();
  }

  @Test
  default void s18_everyLeaseOfABatchHasItsOwnAnswer(StoreWorld world) {
    world.create(planned(4, 1));
    List<ClaimedTask> tasks = new ArrayList<>(world.claimAll());
    world.succeed(tasks.get(1));
    List<LeaseProgress> all =
        tasks.stream().map(task -> new LeaseProgress(task.lease(), 1, 2)).toList();
    Map<Lease, LeaseStatus> found = world.store.renew(all, LEASE);
    for (int number = 0; number < tasks.size(); number++) {
      assertThat(found.getOrDefault(tasks.get(number).lease(), LeaseStatus.LOST))
          .isEqualTo(number == 1 ? LeaseStatus.LOST : LeaseStatus.HELD);
    }
    assertThat(world.store.renew(List.of(), LEASE)).isEmpty();
  }

  /** Also not where the same server claims its own task again, or other chunks are open. */
  @ParameterizedTest
  @CsvSource({"v,1", "w,1", "v,2", "w,2"})
  default void s19_aLeaseThatWasTakenOverChangesNothing(String next, int chunks, StoreWorld world) {
    NewJob job = world.create(planned(1, chunks));
    world.settleAll();
    ClaimedTask stale = world.claimAll().get(0);
    world.advance(PAST_LEASE);
    ClaimedTask current =
        world.store.claim(claim(next, chunks)).stream()
            .filter(task -> task.lease().task().equals(stale.lease().task()))
            .findFirst()
            .orElseThrow();
    ExportJob before = world.find(job);

    assertThat(world.renew(stale)).as("renewed by the frozen one").isEqualTo(LeaseStatus.LOST);
    assertThat(world.store.saveCheckpoint(stale.lease(), "late")).as("checkpoint").isFalse();
    for (TaskEvent event :
        List.of(
            success(stale),
            new TaskEvent.GaveUp(retryable("x")),
            new TaskEvent.RetryLater(retryable("x"), Duration.ZERO),
            TaskEvent.Released.UNTOUCHED)) {
      assertThat(world.settle(stale, event)).as("settled by the frozen one: %s", event).isFalse();
    }
    Lease forged = new Lease(current.lease().task(), current.lease().token(), "x");
    assertThat(world.store.settle(forged, on(success(current)))).as("another worker").isFalse();
    assertThat(world.find(job)).isEqualTo(before);

    assertThat(world.renew(current)).isEqualTo(LeaseStatus.HELD);
    assertThat(world.succeed(current)).isTrue();
    assertThat(world.succeed(stale)).as("after its successor is done").isFalse();
    assertThat(world.store.receipts(job.id(), 0))
        .filteredOn(receipt -> receipt.chunk().chunk() == stale.lease().task().chunk())
        .extracting(AcceptedReceipt::attempt)
        .containsExactly(2);
  }

  @Test
  default void s19_aCheckpointIsNotSavedOnceTheLeaseHasEnded(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask task = world.one(job);
    world.settle(task, TaskEvent.Released.UNTOUCHED);
    assertThat(world.store.saveCheckpoint(task.lease(), "late")).isFalse();
    assertThat(world.renew(task)).isEqualTo(LeaseStatus.LOST);
    assertThat(world.one(job).checkpoint()).isEmpty();
  }

  @Test
  default void s20_aSettlementIsRepeatedWithoutEffect(StoreWorld world) {
    NewJob job = world.create(planned(1, 2));
    world.settleAll();
    List<ClaimedTask> chunks = world.claimAll();
    for (ClaimedTask chunk : chunks) {
      assertThat(world.succeed(chunk)).isTrue();
      ExportJob settled = world.find(job);
      assertThat(world.succeed(chunk)).as("the answer was lost").isTrue();
      assertThat(world.settle(chunk, new TaskEvent.GaveUp(retryable("x")))).isTrue();
      assertThat(world.find(job)).isEqualTo(settled);
    }
    assertThat(StoreWorld.types(world.settleAll())).hasSize(1);
  }

  @Test
  default void s20_aFailureIsCountedOnceHoweverOftenItIsTold(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask task = world.one(job);
    TaskEvent retry = new TaskEvent.RetryLater(retryable("x"), Duration.ZERO);
    assertThat(world.settle(task, retry)).isTrue();
    assertThat(world.settle(task, retry)).as("the answer was lost").isTrue();
    ClaimedTask next = world.one(job);
    assertThat(next.failures()).isEqualTo(1);
    assertThat(world.settle(task, retry)).as("somebody else has it by now").isFalse();
    assertThat(world.renew(next)).isEqualTo(LeaseStatus.HELD);
  }
}
