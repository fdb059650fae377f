// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.incremental;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.SnapshotLimitPolicy;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.InMemoryLake;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SteppedCluster;
import io.viewexport.testkit.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports under one snapshot; with {@code -Dviewexport.rounds=200} as many under load. */
class SharedSnapshotTest {
  private static final int ROUNDS = Integer.getInteger("viewexport.rounds", 4);
  private static final long SEED = Long.getLong("viewexport.seed", System.nanoTime());

  /** One less than what a job is given up after. */
  private static final int MOST_KILLS = 8;

  private static final ExportRequest REQUEST =
      ExportRequest.builder(InMemoryBackend.KIND)
          .view(new ViewName("sof", "ledger"))
          .view(new ViewName("sof", "ledger_view"))
          .options(ViewOptions.builder().chunkCount(5).build())
          .snapshotMode(SnapshotMode.SHARED)
          .build();

  private final DataSource database = TestPostgres.database("shared");
  private final Random random = new Random(SEED);

  private ExportService.Builder parts(ExportService.Builder server, InMemoryLake lake) {
    return server
        .source(PostgresViewSource.create(database))
        .backend(new InMemoryBackend(lake))
        .config(config(SnapshotLimitPolicy.FAIL));
  }

  private static ExportConfig config(SnapshotLimitPolicy policy) {
    return ExportConfig.builder()
        .workerSlots(8)
        .snapshotLimit(Duration.ofHours(1))
        .snapshotLimitPolicy(policy)
        .build();
  }

  private static Map<Object, Object> rows(InMemoryLake lake, String target) {
    SampleRows rows = lake.target(target).orElseThrow();
    Map<Object, Object> found = new TreeMap<>();
    rows.rows().forEach(row -> found.put(row.get(0), row.get(1)));
    assertThat(found).hasSize(rows.size());
    return found;
  }

  private void assertOneInstant(InMemoryLake lake) throws Exception {
    Map<Object, Object> table = rows(lake, "ledger");
    long version = (long) Objects.requireNonNull(table.get(0));
    assertThat(table).as("seed " + SEED).isEqualTo(Ledger.at(database, version));
    assertThat(rows(lake, "ledger_view")).as("seed " + SEED).isEqualTo(table);
  }

  private static Optional<HeldSnapshot> held(JobStore store, JobId job) {
    return store.snapshots().find(job).flatMap(SnapshotState::held);
  }

  /** Ends the session that holds a job's snapshot, as its server's death does. */
  private void kill(HeldSnapshot snapshot) {
    String holder = snapshot.name().substring(snapshot.name().indexOf('@') + 1);
    TestPostgres.run(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'virtualxid' AND"
            + " virtualxid = '"
            + holder
            + "'");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theTargetIsTheDatabaseAtOneInstantWhateverHolderDies(boolean inPostgres) throws Exception {
    try (JobStore store =
            inPostgres
                ? PostgresJobStore.open(TestPostgres.database("shared_jobs"))
                : InMemoryJobStore.create();
        Ledger ledger = Ledger.start(database, SEED)) {
      int kills = 0;
      for (int round = 0; round < ROUNDS; round++) {
        kills += exportWithKills(store);
      }
      assertThat(ledger.isChanging()).isTrue();
      assertThat(kills).isPositive();
    }
  }

  private int exportWithKills(JobStore store) throws Exception {
    InMemoryLake lake = new InMemoryLake();
    int kills = 0;
    try (ExportService server = parts(ExportService.builder(), lake).store(store).build();
        ExportService other = parts(ExportService.builder(), lake).store(store).build()) {
      JobId job = server.submit(REQUEST).id();
      while (!isOver(store, job)) {
        ExportService turn = random.nextBoolean() ? server : other;
        turn.runOnce();
        Optional<HeldSnapshot> held = held(store, job);
        if (held.isPresent() && kills < MOST_KILLS && random.nextInt(5) == 0) {
          kill(held.get());
          kills++;
        }
        if (random.nextInt(4) == 0) {
          (random.nextBoolean() ? server : other).maintain();
        }
      }
      ExportJob ended = store.find(job).orElseThrow();
      assertThat(ended.state()).as("seed %d, %s", SEED, ended).isEqualTo(JobState.COMPLETED);
      assertThat(ended.snapshotMode()).isEqualTo(SnapshotMode.SHARED);
    }
    assertOneInstant(lake);
    return kills;
  }

  private static boolean isOver(JobStore store, JobId job) {
    ExportJob now = store.find(job).orElseThrow();
    return now.state().isFinal() && now.cleanup() != CleanupState.OPEN;
  }

  private SteppedCluster cluster(InMemoryLake lake, SnapshotLimitPolicy policy) {
    return SteppedCluster.of(2, server -> parts(server, lake).config(config(policy)));
  }

  /** Runs tasks of server 0 until so many chunks of the first view are done. */
  private static void runUntil(SteppedCluster cluster, JobId job, int chunks) {
    while (cluster.store().find(job).orElseThrow().outputs().get(0).chunksDone() < chunks) {
      assertThat(cluster.runOnce(0)).isTrue();
    }
  }

  @Test
  void aDeadServersSnapshotIsVoidAndEveryChunkRunsAgain() throws Exception {
    InMemoryLake lake = new InMemoryLake();
    try (Ledger ledger = Ledger.start(database, SEED);
        SteppedCluster cluster = cluster(lake, SnapshotLimitPolicy.FAIL)) {
      JobId job = cluster.server(0).submit(REQUEST).id();
      assertThat(ledger.isChanging()).isTrue();
      runUntil(cluster, job, 2);
      HeldSnapshot first = held(cluster.store(), job).orElseThrow();
      cluster.crash(0);
      cluster.advance(Duration.ofMinutes(2));
      assertThat(held(cluster.store(), job)).isEmpty();
      ExportJob ended = cluster.finish(job);

      assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
      assertThat(cluster.store().receipts(job, 0))
          .hasSize(5)
          .extracting(AcceptedReceipt::snapshotGeneration)
          .containsOnly(2);
      kill(first);
    }
    assertOneInstant(lake);
  }

  @Test
  void aSnapshotIsGivenUpAsSoonAsNoChunkIsLeft() {
    InMemoryLake lake = new InMemoryLake();
    try (Ledger ledger = Ledger.start(database, SEED);
        SteppedCluster cluster = cluster(lake, SnapshotLimitPolicy.FAIL)) {
      JobId job = cluster.server(0).submit(REQUEST).id();
      assertThat(ledger.isChanging()).isTrue();
      runUntil(cluster, job, 1);
      HeldSnapshot held = held(cluster.store(), job).orElseThrow();
      assertThat(holders(held)).isEqualTo(1);
      cluster.server(0).cancel(job);
      cluster.advance(Duration.ofSeconds(1));
      assertThat(holders(held)).isZero();
      assertThat(cluster.finish(job).state()).isEqualTo(JobState.CANCELLED);
    }
  }

  private int holders(HeldSnapshot snapshot) {
    String holder = snapshot.name().substring(snapshot.name().indexOf('@') + 1);
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'virtualxid' AND virtualxid = '"
                    + holder
                    + "'")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aJobWhoseSnapshotIsHeldForTooLongFails() {
    InMemoryLake lake = new InMemoryLake();
    try (Ledger ledger = Ledger.start(database, SEED);
        SteppedCluster cluster = cluster(lake, SnapshotLimitPolicy.FAIL)) {
      JobId job = cluster.server(0).submit(REQUEST).id();
      assertThat(ledger.isChanging()).isTrue();
      runUntil(cluster, job, 2);
      holdFor(cluster, Duration.ofHours(1));
      ExportJob ended = cluster.finish(job);

      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().last().code()).isEqualTo("snapshot-held-too-long");
      assertThat(lake.target("ledger")).isEmpty();
    }
  }

  @Test
  void orGoesOnChunkByChunkAndSaysSo() {
    InMemoryLake lake = new InMemoryLake();
    try (Ledger ledger = Ledger.start(database, SEED);
        SteppedCluster cluster = cluster(lake, SnapshotLimitPolicy.FALL_BACK)) {
      JobId job = cluster.server(0).submit(REQUEST).id();
      assertThat(ledger.isChanging()).isTrue();
      runUntil(cluster, job, 2);
      holdFor(cluster, Duration.ofHours(1));
      ExportJob ended = cluster.finish(job);

      assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
      assertThat(ended.snapshotMode()).isEqualTo(SnapshotMode.PER_CHUNK);
      assertThat(cluster.store().receipts(job, 0))
          .extracting(AcceptedReceipt::snapshotGeneration)
          .containsOnly(0, 1);
      assertThat(rows(lake, "ledger")).hasSizeGreaterThan(1000);
    }
  }

  private static void holdFor(SteppedCluster cluster, Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) <= 0; ) {
      cluster.advance(Duration.ofSeconds(10));
      passed = passed.plusSeconds(10);
    }
  }

  @Test
  void aSnapshotThatIsLostAgainAndAgainFailsTheJob() {
    InMemoryLake lake = new InMemoryLake();
    try (Ledger ledger = Ledger.start(database, SEED);
        SteppedCluster cluster = cluster(lake, SnapshotLimitPolicy.FAIL)) {
      JobId job = cluster.server(0).submit(REQUEST).id();
      assertThat(ledger.isChanging()).isTrue();
      while (!cluster.store().find(job).orElseThrow().state().isFinal()) {
        cluster.runOnce(0);
        held(cluster.store(), job).ifPresent(this::kill);
        cluster.advance(Duration.ofSeconds(1));
      }
      assertThat(cluster.store().find(job).orElseThrow().failure().orElseThrow().last().code())
          .isEqualTo("snapshot-lost-too-often");
    }
  }

  @Test
  void aPoolWithoutAConnectionForTheHolderRefuses() {
    try (ExportService small =
        parts(ExportService.builder(), new InMemoryLake())
            .store(InMemoryJobStore.create())
            .config(ExportConfig.builder().workerSlots(1).build())
            .build()) {
      TestPostgres.run(
          database,
          "CREATE SCHEMA IF NOT EXISTS sof; CREATE TABLE IF NOT EXISTS sof.small (id int)");
      ExportRequest request =
          ExportRequest.builder(InMemoryBackend.KIND)
              .view(new ViewName("sof", "small"))
              .snapshotMode(SnapshotMode.SHARED)
              .build();
      assertThatThrownBy(() -> small.submit(request))
          .isInstanceOf(ExportRefusedException.class)
          .hasMessageContaining("connection of its own");
    }
  }
}
