// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.NextSince;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shared snapshots on both stores. */
class SnapshotStoreTest {
  private static final Instant THEN = Instant.parse("2026-01-31T10:00:00.000001Z");
  private static final NextSince HIDDEN = NextSince.withheld("hidden-transactions", "Grant it.");
  private static final HeldSnapshot ONE = new HeldSnapshot("1-1@1/1", List.of(NextSince.at(THEN)));
  private static final HeldSnapshot TWO = new HeldSnapshot("1-2@1/2", List.of(HIDDEN));

  /** Which store. */
  enum Kind {
    MEMORY,
    POSTGRES
  }

  private static JobStore open(Kind kind) {
    return switch (kind) {
      case MEMORY -> InMemoryJobStore.create();
      case POSTGRES -> PostgresJobStore.open(StoreDatabase.fresh());
    };
  }

  private static NewJob job() {
    NewJob plain = TestJobs.planned(1, 3);
    ExportRequest request =
        ExportRequest.builder(TestJobs.KIND)
            .view(plain.request().views().get(0))
            .snapshotMode(SnapshotMode.SHARED)
            .build();
    return new NewJob(plain.id(), request, plain.plan(), false);
  }

  /** A job at the stage of its chunks. */
  private static JobId begun(JobStore store) {
    NewJob job = job();
    store.create(job);
    ClaimedTask setup = claim(store, 1).get(0);
    assertThat(setup.lease().task().type()).isEqualTo(TaskType.SETUP);
    store.settle(setup.lease(), on(new TaskEvent.SetUp()));
    return job.id();
  }

  /** Claims look for chunks of shared snapshots from time to time only. */
  private static List<ClaimedTask> claim(JobStore store, int count) {
    List<ClaimedTask> all = new ArrayList<>();
    until(
        () -> {
          all.addAll(
              store.claim(
                  new ClaimRequest(
                      "w", Set.of(TestJobs.KIND), count - all.size(), TestJobs.LEASE)));
          return all.size() == count;
        });
    return all;
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).isNegative();
    }
  }

  private static void settle(JobStore store, ClaimedTask task, int generation, NextSince next) {
    ChunkReceipt receipt = new ChunkReceipt("r" + generation, 10, 20);
    TaskEvent event = new TaskEvent.ChunkExported(receipt, new ChunkOrigin(generation, next));
    assertThat(store.settle(task.lease(), on(event))).isTrue();
  }

  private static int done(JobStore store, JobId id) {
    return store.find(id).orElseThrow().outputs().get(0).chunksDone();
  }

  @ParameterizedTest
  @EnumSource
  void aSnapshotIsHeldByOneAndOnlyWhileChunksAreLeft(Kind kind) {
    try (JobStore store = open(kind)) {
      SnapshotStore snapshots = store.snapshots();
      NewJob waiting = job();
      store.create(waiting);
      assertThat(snapshots.open(waiting.id(), ONE, "w", TestJobs.LEASE)).isEmpty();
      store.update(waiting.id(), on(new JobEvent.CancelRequested()));
      claim(store, 1).forEach(task -> store.settle(task.lease(), on(cleaned())));
      JobId id = begun(store);

      assertThat(snapshots.find(id)).contains(new SnapshotState(SnapshotMode.SHARED, 0, held()));
      assertThat(snapshots.open(id, ONE, "a", TestJobs.LEASE)).contains(1);
      assertThat(snapshots.open(id, TWO, "b", TestJobs.LEASE)).isEmpty();
      assertThat(snapshots.find(id)).contains(new SnapshotState(SnapshotMode.SHARED, 1, held(ONE)));
      assertThat(snapshots.renew(id, 1, "a", TestJobs.LEASE)).isPresent();
      assertThat(snapshots.renew(id, 1, "b", TestJobs.LEASE)).isEmpty();
      assertThat(snapshots.renew(id, 2, "a", TestJobs.LEASE)).isEmpty();
      for (ClaimedTask task : claim(store, 3)) {
        assertThat(task.kind()).isEqualTo(TestJobs.KIND);
        settle(store, task, 1, NextSince.at(THEN));
      }
      assertThat(snapshots.renew(id, 1, "a", TestJobs.LEASE)).isEmpty();
      snapshots.end(id, 1);
      assertThat(snapshots.open(id, TWO, "b", TestJobs.LEASE)).isEmpty();
      assertThat(snapshots.find(new JobId("none"))).isEmpty();
    }
  }

  private static Optional<HeldSnapshot> held(HeldSnapshot... held) {
    return List.of(held).stream().findFirst();
  }

  private static TaskEvent cleaned() {
    return new TaskEvent.CleanedUp(Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void anotherSnapshotMakesEveryReceiptVoid(Kind kind) {
    try (JobStore store = open(kind)) {
      SnapshotStore snapshots = store.snapshots();
      JobId id = begun(store);
      snapshots.open(id, ONE, "a", TestJobs.LEASE);
      List<ClaimedTask> chunks = claim(store, 3);
      settle(store, chunks.get(0), 1, NextSince.at(THEN));
      settle(store, chunks.get(1), 1, NextSince.at(THEN));
      snapshots.end(id, 7);
      assertThat(snapshots.open(id, TWO, "b", TestJobs.LEASE)).isEmpty();
      snapshots.end(id, 1);
      assertThat(snapshots.find(id).orElseThrow().held()).isEmpty();
      assertThat(snapshots.open(id, TWO, "b", TestJobs.LEASE)).contains(2);
      assertThat(done(store, id)).isZero();
      assertThat(store.receipts(id, 0)).isEmpty();

      settle(store, chunks.get(2), 1, NextSince.at(THEN));
      assertThat(done(store, id)).isZero();
      for (ClaimedTask task : claim(store, 3)) {
        settle(store, task, 2, HIDDEN);
      }
      assertThat(store.receipts(id, 0))
          .hasSize(3)
          .extracting(AcceptedReceipt::snapshotGeneration)
          .containsOnly(2);
      ClaimedTask merge = claim(store, 1).get(0);
      store.settle(merge.lease(), on(new TaskEvent.Merged("there", TestJobs.COUNTS)));
      ExportJob ended = store.find(id).orElseThrow();
      assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
      assertThat(ended.snapshotMode()).isEqualTo(SnapshotMode.SHARED);
      assertThat(ended.nextSince()).isEqualTo(HIDDEN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseThatRanOutLetsAnotherHold(Kind kind) {
    try (JobStore store = open(kind)) {
      SnapshotStore snapshots = store.snapshots();
      JobId id = begun(store);
      assertThat(snapshots.open(id, ONE, "a", Duration.ofMillis(1))).contains(1);
      until(() -> snapshots.find(id).orElseThrow().held().isEmpty());
      assertThat(snapshots.open(id, TWO, "b", TestJobs.LEASE)).contains(2);
      assertThat(snapshots.renew(id, 1, "a", TestJobs.LEASE)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoFallsBackKeepsWhatIsDone(Kind kind) {
    try (JobStore store = open(kind)) {
      SnapshotStore snapshots = store.snapshots();
      JobId id = begun(store);
      snapshots.open(id, ONE, "a", TestJobs.LEASE);
      List<ClaimedTask> chunks = claim(store, 3);
      settle(store, chunks.get(0), 1, NextSince.at(THEN.plusSeconds(5)));
      snapshots.fallBack(id, 9);
      assertThat(snapshots.find(id).orElseThrow().mode()).isEqualTo(SnapshotMode.SHARED);
      snapshots.fallBack(id, 1);
      assertThat(snapshots.find(id)).contains(new SnapshotState(SnapshotMode.PER_CHUNK, 0, held()));
      assertThat(snapshots.open(id, TWO, "b", TestJobs.LEASE)).isEmpty();
      settle(store, chunks.get(1), 0, NextSince.at(THEN));
      settle(store, chunks.get(2), 0, NextSince.at(THEN.plusSeconds(9)));
      ClaimedTask merge = claim(store, 1).get(0);
      store.settle(merge.lease(), on(new TaskEvent.Merged("there", TestJobs.COUNTS)));
      ExportJob ended = store.find(id).orElseThrow();
      assertThat(ended.snapshotMode()).isEqualTo(SnapshotMode.PER_CHUNK);
      assertThat(ended.nextSince()).isEqualTo(NextSince.at(THEN));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobIsGivenUpForItsSnapshot(Kind kind) {
    try (JobStore store = open(kind)) {
      JobId id = begun(store);
      var cause = TestJobs.cause(FailureKind.PERMANENT, "snapshot-held-too-long");
      store.update(id, on(new JobEvent.SnapshotGivenUp(cause)));
      ExportJob ended = store.find(id).orElseThrow();
      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().last()).isEqualTo(cause);
      assertThat(store.snapshots().open(id, ONE, "a", TestJobs.LEASE)).isEmpty();
    }
  }
}
