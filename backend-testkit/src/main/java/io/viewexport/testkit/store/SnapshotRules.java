// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.StoreWorld.PAST_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.NextSince;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.SnapshotStore;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds the snapshot that the chunks of a job share, and which receipts count. */
interface SnapshotRules {
  int CHUNKS = 3;
  Instant THEN = Instant.parse("2026-01-31T10:00:00.000001Z");
  NextSince HIDDEN = NextSince.withheld("hidden-transactions", "Grant \"it\".");
  HeldSnapshot ONE = new HeldSnapshot("1-1@1/1", List.of(NextSince.at(THEN)));
  HeldSnapshot TWO = new HeldSnapshot("1-2@1/2", List.of(HIDDEN));

  private static NewJob shared(StoreWorld world) {
    return world.create(
        SampleJobs.planned(
            SampleJobs.request(1).snapshotMode(SnapshotMode.SHARED).build(),
            CHUNKS,
            "target-" + JobId.random() + "-"));
  }

  /** A job whose chunks are due; nothing else is. */
  private static NewJob begun(StoreWorld world) {
    NewJob job = shared(world);
    assertThat(StoreWorld.types(world.settleAll())).containsExactly(TaskType.SETUP);
    return job;
  }

  /** A store need not look for chunks of shared snapshots at each claim. */
  private static List<ClaimedTask> chunks(StoreWorld world, int count) {
    List<ClaimedTask> all = new ArrayList<>();
    while (all.size() < count) {
      all.addAll(world.store.claim(claim("w", count - all.size())));
    }
    assertThat(StoreWorld.types(all)).containsOnly(TaskType.CHUNK);
    return all;
  }

  private static boolean export(StoreWorld world, ClaimedTask chunk, int generation) {
    return world.settle(
        chunk,
        new TaskEvent.ChunkExported(
            SampleJobs.receipt(chunk.lease().task(), chunk.lease().token()),
            new ChunkOrigin(generation, NextSince.at(THEN))));
  }

  private static SnapshotState state(StoreWorld world, NewJob job) {
    return world.servers(2).get(1).snapshots().find(job.id()).orElseThrow();
  }

  private static int done(StoreWorld world, NewJob job) {
    return world.find(job).outputs().get(0).chunksDone();
  }

  @Test
  default void s41_aHeldSnapshotKeepsOthersOut(StoreWorld world) {
    NewJob job = shared(world);
    NewJob other = shared(world);
    assertThat(world.settleAll()).hasSize(2);
    SnapshotStore snapshots = world.store.snapshots();
    assertThat(state(world, job)).isEqualTo(of(0, Optional.empty()));
    assertThat(snapshots.open(job.id(), ONE, "a", LEASE)).contains(1);
    assertThat(state(world, job)).isEqualTo(of(1, Optional.of(ONE)));
    for (String worker : List.of("a", "b")) {
      assertThat(world.servers(2).get(1).snapshots().open(job.id(), TWO, worker, LEASE)).isEmpty();
    }
    assertThat(state(world, job)).isEqualTo(of(1, Optional.of(ONE)));
    assertThat(snapshots.open(other.id(), TWO, "b", LEASE)).as("another job's").contains(1);

    snapshots.end(job.id(), 1);
    assertThat(state(world, job).held()).as("ended").isEmpty();
    assertThat(snapshots.open(job.id(), TWO, "b", LEASE)).isPresent();
    assertThat(state(world, job).held()).contains(TWO);
  }

  private static SnapshotState of(int generation, Optional<HeldSnapshot> held) {
    return new SnapshotState(SnapshotMode.SHARED, generation, held);
  }

  @Test
  default void s41_aSnapshotLastsAsLongAsItsLease(StoreWorld world) {
    NewJob job = begun(world);
    SnapshotStore snapshots = world.store.snapshots();
    snapshots.open(job.id(), ONE, "a", LEASE);
    world.advance(LEASE.minus(LeaseRules.SLACK));
    assertThat(snapshots.open(job.id(), TWO, "b", LEASE)).as("the lease lasts").isEmpty();
    world.advance(LeaseRules.SLACK.plusSeconds(1));
    assertThat(state(world, job).held()).as("the lease has run out").isEmpty();
    assertThat(snapshots.open(job.id(), TWO, "b", LEASE)).isPresent();
    assertThat(state(world, job).held()).contains(TWO);
  }

  @Test
  default void s41_ofManyThatOpenAtOnceOneHolds(StoreWorld world) {
    NewJob job = begun(world);
    List<JobStore> servers = world.servers(3);
    for (int round = 1; round <= 5; round++) {
      List<Optional<Integer>> opened =
          Race.of(
              6,
              number ->
                  servers
                      .get(number % servers.size())
                      .snapshots()
                      .open(job.id(), ONE, "w" + number, LEASE));
      assertThat(opened.stream().flatMap(Optional::stream)).hasSize(1);
      world.store.snapshots().end(job.id(), state(world, job).generation());
    }
  }

  @Test
  default void s42_aRenewalIsTheHoldersAndTellsSinceWhen(StoreWorld world) {
    NewJob job = begun(world);
    SnapshotStore snapshots = world.store.snapshots();
    snapshots.open(job.id(), ONE, "a", LEASE);
    Duration held = Duration.ZERO;
    for (int beat = 0; beat < 3; beat++) {
      Duration beats = LEASE.minus(LeaseRules.SLACK);
      world.advance(beats);
      held = held.plus(beats);
      assertThat(snapshots.renew(job.id(), 1, "b", LEASE)).as("another worker").isEmpty();
      assertThat(snapshots.renew(job.id(), 1, "a", LEASE).orElseThrow())
          .isBetween(held, held.plus(LeaseRules.SLACK));
    }
    world.advance(PAST_LEASE);
    assertThat(state(world, job).held()).as("the last renewal has run out").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 180})
  default void s42_aRenewalLastsAsLongAsItSays(int seconds, StoreWorld world) {
    NewJob job = begun(world);
    SnapshotStore snapshots = world.store.snapshots();
    Duration lease = Duration.ofSeconds(seconds);
    snapshots.open(job.id(), ONE, "a", LEASE);
    world.advance(LeaseRules.SLACK);
    assertThat(snapshots.renew(job.id(), 1, "a", lease)).isPresent();
    world.advance(lease.minus(LeaseRules.SLACK));
    assertThat(state(world, job).held()).contains(ONE);
    world.advance(LeaseRules.SLACK.plusSeconds(1));
    assertThat(state(world, job).held()).isEmpty();
  }

  @Test
  default void s43_anOlderGenerationIsGoodForNothing(StoreWorld world) {
    NewJob job = begun(world);
    SnapshotStore snapshots = world.store.snapshots();
    snapshots.open(job.id(), ONE, "a", LEASE);
    world.advance(PAST_LEASE);
    assertThat(snapshots.open(job.id(), TWO, "a", LEASE)).contains(2);
    for (int stale : List.of(0, 1, 3)) {
      assertThat(snapshots.renew(job.id(), stale, "a", LEASE)).as("renewed").isEmpty();
      snapshots.end(job.id(), stale);
      snapshots.fallBack(job.id(), stale);
      assertThat(state(world, job)).isEqualTo(of(2, Optional.of(TWO)));
    }
    snapshots.end(job.id(), 2);
    assertThat(snapshots.open(job.id(), ONE, "a", LEASE)).as("after an end").contains(3);
  }

  @Test
  default void s44_aNewSnapshotVoidsTheReceiptsOfTheLast(StoreWorld world) {
    NewJob job = begun(world);
    SnapshotStore snapshots = world.store.snapshots();
    snapshots.open(job.id(), ONE, "a", LEASE);
    List<ClaimedTask> read = chunks(world, CHUNKS);
    export(world, read.get(0), 1);
    export(world, read.get(1), 1);
    assertThat(done(world, job)).isEqualTo(2);
    snapshots.end(job.id(), 1);
    assertThat(done(world, job)).as("an end voids nothing by itself").isEqualTo(2);
    snapshots.open(job.id(), TWO, "b", LEASE);
    assertThat(done(world, job)).isZero();
    assertThat(world.find(job).outputs().get(0).rowCount()).isZero();
    assertThat(world.store.receipts(job.id(), 0)).isEmpty();

    export(world, read.get(2), 1);
    assertThat(done(world, job)).as("a chunk of the old one").isZero();
    assertThat(world.state(job)).isEqualTo(JobState.IN_PROGRESS);
    for (ClaimedTask again : chunks(world, CHUNKS)) {
      assertThat(again.snapshotGeneration()).isEqualTo(2);
      assertThat(export(world, again, 2)).isTrue();
    }
    assertThat(world.store.receipts(job.id(), 0))
        .hasSize(CHUNKS)
        .extracting(AcceptedReceipt::snapshotGeneration)
        .containsOnly(2);
    assertThat(world.one(job).lease().task().type()).isEqualTo(TaskType.FINALIZE);
  }

  @Test
  default void s45_aSnapshotIsForChunksThatAreLeft(StoreWorld world) {
    NewJob job = shared(world);
    SnapshotStore snapshots = world.store.snapshots();
    assertThat(snapshots.open(job.id(), ONE, "a", LEASE)).as("before its chunks").isEmpty();
    world.settleAll();
    assertThat(snapshots.open(job.id(), ONE, "a", LEASE)).contains(1);
    for (ClaimedTask chunk : chunks(world, CHUNKS)) {
      assertThat(snapshots.renew(job.id(), 1, "a", LEASE)).isPresent();
      export(world, chunk, 1);
    }
    assertThat(snapshots.renew(job.id(), 1, "a", LEASE)).as("after its chunks").isEmpty();
    snapshots.end(job.id(), 1);
    assertThat(snapshots.open(job.id(), TWO, "a", LEASE)).as("after its chunks").isEmpty();
    assertThat(world.store.receipts(job.id(), 0)).hasSize(CHUNKS);
    world.runToEnd(job);
    assertThat(world.find(job).snapshotMode()).isEqualTo(SnapshotMode.SHARED);

    NewJob plain = world.create(SampleJobs.planned(1, CHUNKS));
    world.settleAll();
    assertThat(snapshots.open(plain.id(), ONE, "a", LEASE)).as("a job without").isEmpty();
    JobId unknown = JobId.random();
    assertThat(snapshots.find(unknown)).isEmpty();
    assertThat(snapshots.open(unknown, ONE, "a", LEASE)).isEmpty();
    assertThat(snapshots.renew(unknown, 0, "a", LEASE)).isEmpty();
    snapshots.end(unknown, 0);
    snapshots.fallBack(unknown, 0);
  }

  @Test
  default void s45_aJobThatIsEndingHoldsNone(StoreWorld world) {
    Decision givenUp =
        on(
            new JobEvent.SnapshotGivenUp(
                SampleJobs.cause(FailureKind.PERMANENT, "snapshot-held-too-long")));
    for (Decision ending : List.of(StoreWorld.CANCEL, givenUp)) {
      NewJob job = begun(world);
      SnapshotStore snapshots = world.store.snapshots();
      snapshots.open(job.id(), ONE, "a", LEASE);
      chunks(world, 1);
      assertThat(world.store.update(job.id(), ending)).isTrue();
      assertThat(snapshots.renew(job.id(), 1, "a", LEASE)).as("renewed").isEmpty();
      snapshots.end(job.id(), 1);
      assertThat(snapshots.open(job.id(), TWO, "b", LEASE)).as("opened").isEmpty();
    }
  }

  @Test
  default void s46_whoFallsBackKeepsWhatIsDone(StoreWorld world) {
    NewJob job = begun(world);
    SnapshotStore snapshots = world.store.snapshots();
    snapshots.open(job.id(), ONE, "a", LEASE);
    List<ClaimedTask> read = chunks(world, CHUNKS);
    export(world, read.get(0), 1);
    snapshots.fallBack(job.id(), 1);
    assertThat(state(world, job))
        .isEqualTo(new SnapshotState(SnapshotMode.PER_CHUNK, 0, Optional.empty()));
    assertThat(snapshots.renew(job.id(), 1, "a", LEASE)).as("renewed").isEmpty();
    assertThat(snapshots.open(job.id(), TWO, "b", LEASE)).as("opened").isEmpty();
    assertThat(done(world, job)).as("chunks done").isEqualTo(1);
    export(world, read.get(1), 0);
    export(world, read.get(2), 0);
    assertThat(world.store.receipts(job.id(), 0)).hasSize(CHUNKS);
    world.runToEnd(job);
    ExportJob ended = world.find(job);
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.snapshotMode()).isEqualTo(SnapshotMode.PER_CHUNK);
    assertThat(ended.nextSince()).isEqualTo(NextSince.at(THEN));
  }
}
