// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.StopReason;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private static final LeaseTerms TERMS =
      new LeaseTerms(Duration.ofSeconds(30), Duration.ofSeconds(100));
  private final ManualClock clock = new ManualClock();
  private final RenewingStore store = new RenewingStore();
  private final LeaseKeeper keeper = new LeaseKeeper(store, TERMS, clock, Runnable::run);

  private static ClaimedTask claim(TaskType type) {
    TaskId task = new TaskId(new JobId("j"), type, 0, 0);
    return new ClaimedTask(
        new Lease(task, 1, "w"),
        "memory",
        0,
        0,
        false,
        StopCause.NONE,
        Optional.empty(),
        Optional.empty(),
        0,
        false);
  }

  private HeldLease hold(TaskType type) {
    return keeper.hold(claim(type), clock.getAsLong());
  }

  @Test
  void aLeaseThatIsNotRenewedIsLostBeforeItEnds() {
    HeldLease held = hold(TaskType.CHUNK);
    clock.advance(Duration.ofMillis(24_999));
    assertThat(held.reason()).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(held.reason()).contains(StopReason.LEASE_LOST);
  }

  @Test
  void aRenewalCountsFromBeforeItWasAskedFor() {
    HeldLease held = hold(TaskType.CHUNK);
    clock.advance(Duration.ofSeconds(20));
    store.onRenew = () -> clock.advance(Duration.ofSeconds(3));
    keeper.renew();
    clock.advance(Duration.ofSeconds(21));
    assertThat(held.reason()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(held.reason()).contains(StopReason.LEASE_LOST);
  }

  @Test
  void theWatchTellsBlockedWorkWithoutBeingAsked() {
    HeldLease held = hold(TaskType.CHUNK);
    List<String> told = new ArrayList<>();
    held.onStop(() -> told.add("stop"));
    clock.advance(Duration.ofSeconds(24));
    keeper.watch();
    assertThat(told).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    keeper.watch();
    keeper.watch();
    assertThat(told).containsExactly("stop");
  }

  @Test
  void aLostLeaseStaysLost() {
    HeldLease held = hold(TaskType.CHUNK);
    store.status = LeaseStatus.LOST;
    keeper.renew();
    store.status = LeaseStatus.HELD;
    keeper.renew();
    assertThat(held.reason()).contains(StopReason.LEASE_LOST);
    assertThat(store.renewals).hasSize(1);
  }

  @Test
  void workOfAnEndingJobIsToldButCleanUpIsNot() {
    HeldLease chunk = hold(TaskType.CHUNK);
    HeldLease cleanup = hold(TaskType.CLEANUP);
    store.status = LeaseStatus.JOB_ENDING;
    keeper.renew();
    assertThat(chunk.reason()).contains(StopReason.JOB_ENDING);
    assertThat(cleanup.reason()).isEmpty();
  }

  @Test
  void workThatStandsStillIsStoppedAndItsLeaseIsLeftToRunOut() {
    HeldLease still = hold(TaskType.CHUNK);
    HeldLease moving = keeper.hold(claim(TaskType.SETUP), clock.getAsLong());
    for (int second = 0; second < 100; second += 10) {
      clock.advance(Duration.ofSeconds(10));
      moving.moved(1);
      keeper.renew();
      keeper.watch();
    }
    assertThat(still.reason()).contains(StopReason.STALLED);
    assertThat(moving.reason()).isEmpty();
    store.renewals.clear();
    keeper.renew();
    assertThat(store.renewals).singleElement().matches(p -> p.lease().equals(moving.lease()));
  }

  @Test
  void aRenewalCarriesTheProgress() {
    HeldLease held = hold(TaskType.CHUNK);
    held.moved(5);
    held.moved(6);
    keeper.renew();
    assertThat(store.renewals).singleElement().matches(p -> p.byteCount() == 11);
  }

  @Test
  void anActionThatWasTakenBackIsNotRun() {
    HeldLease held = hold(TaskType.CHUNK);
    List<String> told = new ArrayList<>();
    held.onStop(() -> told.add("closed")).close();
    keeper.stopAll(StopReason.SHUTDOWN);
    held.onStop(() -> told.add("late"));
    assertThat(told).containsExactly("late");
  }

  @Test
  void heartbeatsComeAtAThirdOfTheLeaseOrFaster() {
    for (int seconds : new int[] {1, 5, 30, 300}) {
      LeaseTerms terms = new LeaseTerms(Duration.ofSeconds(seconds), Duration.ofHours(1));
      assertThat(terms.heartbeat().multipliedBy(3)).isLessThan(terms.lease());
      assertThat(terms.safeTime()).isLessThan(terms.lease());
    }
  }
}
