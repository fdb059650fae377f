// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What befalls a store's database while jobs run: they come to their end by themselves. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseTroubleTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir private static Path data;
  private static TroubledServer database;

  private final TroubleRig rig = new TroubleRig();
  private String name;

  @BeforeAll
  static void startDatabase() throws Exception {
    database = new TroubledServer(data);
  }

  @BeforeEach
  void makeDatabase() {
    name = database.newDatabase();
  }

  @AfterAll
  static void stopDatabase() throws Exception {
    database.close();
  }

  private static List<JobId> submit(ExportService server, int jobs) {
    List<JobId> ids = new ArrayList<>();
    for (int job = 0; job < jobs; job++) {
      ids.add(server.submit(TroubleRig.request()).id());
    }
    return ids;
  }

  @Test
  void aRestartCostsTimeAlone() throws Exception {
    try (HikariDataSource pool = TroubledServer.pool(database.dataSource(name), 8);
        PostgresJobStore store = PostgresJobStore.open(pool);
        ExportService server = rig.server(store, LONG)) {
      List<JobId> jobs = submit(server, 3);
      rig.awaitDone(5);
      database.restart(Duration.ofMillis(300));

      rig.checkAllDone(server, jobs);
      assertThat(rig.noted.lost).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"10000, false", "1000, true"})
  void aReadOnlyDatabaseIsWaitedFor(int leaseMillis, boolean leasesEnd) {
    try (HikariDataSource pool = TroubledServer.pool(database.dataSource(name), 8);
        PostgresJobStore store = PostgresJobStore.open(pool);
        ExportService server = rig.server(store, Duration.ofMillis(leaseMillis))) {
      List<JobId> jobs = submit(server, 3);
      rig.awaitDone(5);
      try {
        database.readOnly();
        Await.pass(Duration.ofMillis(1500));
      } finally {
        database.writable();
      }

      rig.checkAllDone(server, jobs);
      assertThat(rig.noted.lost.isEmpty()).isEqualTo(!leasesEnd);
    }
  }

  @Test
  void leasesSurviveAPoolWithNoConnectionToSpare() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    rig.rig.backend.chunk =
        (context, rows) -> {
          runs.countDown();
          Await.latch(goesOn);
          return rig.rig.backend.stage(context, rows);
        };
    try (HikariDataSource pool = TroubledServer.pool(database.dataSource(name), 4);
        PostgresJobStore store = PostgresJobStore.open(pool);
        ExportService server = rig.server(store, SHORT)) {
      List<JobId> jobs = submit(server, 2);
      Await.latch(runs);
      List<Connection> all = takeAll(pool);
      Await.pass(SHORT.multipliedBy(5).dividedBy(2));
      goesOn.countDown();
      Await.pass(Duration.ofMillis(300));
      for (Connection connection : all) {
        connection.close();
      }

      rig.checkAllDone(server, jobs);
      assertThat(rig.noted.lost).isEmpty();
      assertThat(rig.rig.backend.calls).noneMatch(call -> call.endsWith("#2"));
    }
  }

  /** Those that the store uses come back one by one; what it keeps does not. */
  private static List<Connection> takeAll(HikariDataSource pool) throws Exception {
    List<Connection> all = new ArrayList<>();
    while (all.size() < pool.getMaximumPoolSize() - 1) {
      all.add(pool.getConnection());
    }
    assertThatThrownBy(pool::getConnection).isInstanceOf(SQLTransientConnectionException.class);
    return all;
  }

  @Test
  void leasesSurviveARenewalThatIsNeverAnswered() throws Exception {
    CountDownLatch runs = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    rig.rig.backend.chunk =
        (context, rows) -> {
          runs.countDown();
          Await.latch(goesOn);
          return rig.rig.backend.stage(context, rows);
        };
    try (DeadWire wire = new DeadWire(database.port());
        HikariDataSource pool = TroubledServer.pool(database.dataSource(name), 8);
        PostgresJobStore store =
            PostgresJobStore.builder(pool)
                .renewalSource(database.dataSource(name, wire.port()))
                .open();
        ExportService server = rig.server(store, Duration.ofSeconds(2))) {
      List<JobId> jobs = submit(server, 1);
      Await.latch(runs);
      wire.cut();
      Await.pass(Duration.ofMillis(2500));
      goesOn.countDown();

      rig.checkAllDone(server, jobs);
      assertThat(rig.noted.lost).isEmpty();
      assertThat(rig.rig.backend.calls).noneMatch(call -> call.endsWith("#2"));
    }
  }

  @Test
  void aCallThatIsNeverAnsweredEnds() throws Exception {
    Duration timeout = Duration.ofMillis(300);
    try (DeadWire wire = new DeadWire(database.port());
        HikariDataSource pool = TroubledServer.pool(database.dataSource(name, wire.port()), 1);
        PostgresJobStore store = PostgresJobStore.builder(pool).callTimeout(timeout).open()) {
      JobId unknown = JobId.random();
      assertThat(store.find(unknown)).isEmpty();
      wire.cut();
      long asked = System.nanoTime();
      assertThatThrownBy(() -> store.find(unknown))
          .isInstanceOf(JobStoreException.class)
          .hasMessageContaining("can't be reached");

      assertThat(Duration.ofNanos(System.nanoTime() - asked))
          .isBetween(timeout, Duration.ofSeconds(20));
      assertThat(store.find(unknown)).isEmpty();
    }
  }

  @Test
  void connectionsMayBreakAtAnyTime() throws Exception {
    try (HikariDataSource pool = TroubledServer.pool(database.dataSource(name), 8);
        PostgresJobStore store = PostgresJobStore.open(pool);
        ExportService server = rig.server(store, SHORT)) {
      AtomicLong killed = new AtomicLong();
      Thread killer = new Thread(() -> killUntilInterrupted(killed));
      killer.start();
      List<JobId> jobs = new ArrayList<>();
      try {
        for (int job = 0; job < 6; job++) {
          jobs.add(submitSurely(server, "key" + job));
        }
        rig.awaitOver(server, jobs);
      } finally {
        killer.interrupt();
        killer.join();
      }

      rig.checkAllDone(server, jobs);
      assertThat(server.list(JobFilter.NEWEST)).hasSameSizeAs(jobs);
      assertThat(killed.get()).isGreaterThan(10);
    }
  }

  private void killUntilInterrupted(AtomicLong killed) {
    while (!Thread.currentThread().isInterrupted()) {
      killed.addAndGet(database.killOne(name));
      Await.pass(Duration.ofMillis(40));
    }
  }

  /** What a client does that gets no answer. */
  private static JobId submitSurely(ExportService server, String key) {
    ExportRequest request = TroubleRig.request(key);
    Optional<JobId> job = Optional.empty();
    while (job.isEmpty()) {
      try {
        job = Optional.of(server.submit(request).id());
      } catch (JobStoreException noAnswer) {
        Await.pass(Duration.ofMillis(1));
      }
    }
    return job.get();
  }
}
