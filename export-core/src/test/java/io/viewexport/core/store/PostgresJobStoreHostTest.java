// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.LEASE;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.TimeZone;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store among the pools, databases and versions that a host has. */
class PostgresJobStoreHostTest {

  @Test
  void aPoolsSettingsDoNotMatterAndStayAsTheyWere() throws SQLException {
    DataSource pool =
        TestPool.of(
            StoreDatabase.fresh(),
            connection -> {
              connection.setReadOnly(true);
              connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
              connection.setAutoCommit(false);
              connection.setNetworkTimeout(Runnable::run, 123_456);
            });
    try (JobStore store = PostgresJobStore.open(pool)) {
      runAJob(store);
      assertIsUnchanged(pool.getConnection());
    }
    assertIsUnchanged(pool.getConnection());
    assertIsUnchanged(pool.getConnection());
  }

  private static void assertIsUnchanged(Connection connection) throws SQLException {
    assertThat(connection.getAutoCommit()).isFalse();
    assertThat(connection.isReadOnly()).isTrue();
    assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
    assertThat(connection.getNetworkTimeout()).isEqualTo(123_456);
  }

  @Test
  void oneConnectionIsKeptForRenewalsFromTheFirstClaimToTheEnd() {
    HikariConfig config = new HikariConfig();
    config.setDataSource(StoreDatabase.fresh());
    config.setMaximumPoolSize(2);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      HikariPoolMXBean lent = pool.getHikariPoolMXBean();
      PostgresJobStore store = PostgresJobStore.open(pool);
      assertThat(lent.getActiveConnections()).isZero();
      runAJob(store);
      assertThat(lent.getActiveConnections()).isEqualTo(1);
      store.close();
      assertThat(lent.getActiveConnections()).isZero();
      assertThatThrownBy(() -> store.claim(claim("w", 1)))
          .isInstanceOf(JobStoreException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void aKeptConnectionThatBreaksIsReplaced() {
    DataSource database = StoreDatabase.fresh();
    try (JobStore store = PostgresJobStore.open(database)) {
      NewJob job = planned(1, 1);
      store.create(job);
      Lease lease = store.claim(claim("w", 1)).get(0).lease();
      List<LeaseProgress> progress = List.of(new LeaseProgress(lease, 1, 1));
      assertThat(store.renew(progress, LEASE)).containsEntry(lease, LeaseStatus.HELD);
      StoreDatabase.run(
          database,
          "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
      assertThatThrownBy(() -> store.renew(progress, LEASE)).isInstanceOf(JobStoreException.class);
      assertThat(store.renew(progress, LEASE)).containsEntry(lease, LeaseStatus.HELD);
    }
  }

  @Test
  void aCallTimeoutThatIsNoneIsRefused() {
    assertThatThrownBy(
            () -> PostgresJobStore.builder(noDatabase("08001")).callTimeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }

  @ParameterizedTest
  @ValueSource(strings = {"exports_2", "user", "order"})
  void anotherSchemaCanBeNamed(String name) throws SQLException {
    DataSource database = TestPool.of(StoreDatabase.fresh());
    JobStore store = PostgresJobStore.open(database, name);
    runAJob(store);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        var found = statement.executeQuery("SELECT to_regnamespace('viewexport') IS NULL")) {
      found.next();
      assertThat(found.getBoolean(1)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "x;y", "x y", "1x", "x\"", "x'"})
  void aSchemaNameThatIsNoIdentifierIsRefused(String name) {
    assertThatThrownBy(() -> PostgresJobStore.open(noDatabase("08001"), name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + name + "\"");
  }

  @Test
  void aNewerSchemaIsUsedWhileItAllowsThisVersion() {
    DataSource database = TestPool.of(StoreDatabase.fresh());
    PostgresJobStore.open(database).close();
    StoreDatabase.run(
        database,
        "INSERT INTO viewexport.schema_version (version, oldest_user) VALUES (99, 1);"
            + " ALTER TABLE viewexport.job ADD COLUMN novelty text;"
            + " ALTER TABLE viewexport.task ADD COLUMN novelty int NOT NULL DEFAULT 7");
    runAJob(PostgresJobStore.open(database));
    StoreDatabase.run(database, "UPDATE viewexport.schema_version SET oldest_user = 99");
    assertThatThrownBy(() -> PostgresJobStore.open(database))
        .isInstanceOf(JobStoreException.class)
        .hasMessageContaining("version 99")
        .hasMessageContaining("update");
  }

  @Test
  void fieldsThatANewerServerWroteArePassedOver() {
    DataSource database = TestPool.of(StoreDatabase.fresh());
    JobStore store = PostgresJobStore.open(database);
    NewJob job = planned(1, 1);
    store.create(job);
    StoreDatabase.run(
        database,
        "UPDATE viewexport.job SET request = jsonb_set(request::jsonb, '{novelty}', '[1]');"
            + " UPDATE viewexport.job_view"
            + " SET definition = jsonb_set(definition::jsonb, '{settings,novelty}', '{}');"
            + " UPDATE viewexport.task SET slice = jsonb_set(slice::jsonb, '{novelty}', '1')"
            + " WHERE type = 'CHUNK'");
    assertThat(store.find(job.id()).orElseThrow().request()).isEqualTo(job.request());
    assertThat(store.load(job.id()).orElseThrow().views()).containsExactly(TestJobs.view(0));
    runToEnd(store, job);
  }

  @Test
  void timesDoNotHangOnTheZoneOfTheServer() {
    DataSource database = TestPool.of(StoreDatabase.fresh());
    JobStore store = PostgresJobStore.open(database);
    NewJob job = planned(1, 1);
    store.create(job);
    var created = store.find(job.id()).orElseThrow().createdAt();
    TimeZone zone = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      assertThat(store.find(job.id()).orElseThrow().createdAt()).isEqualTo(created);
    } finally {
      TimeZone.setDefault(zone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"08001", "28P01", "3D000", "42501", "25006", "53100", "53300", "XX000"})
  void aFailureIsToldInTheStoresOwnWords(String state) {
    assertThatThrownBy(() -> PostgresJobStore.open(noDatabase(state)))
        .isInstanceOf(JobStoreException.class)
        .hasMessageStartingWith("The job store ")
        .hasMessageContaining("(SQLSTATE " + state + ")")
        .hasMessageNotContaining("secret");
  }

  @Test
  void theStoreWorksOnAfterAFailure() {
    DataSource database = TestPool.of(StoreDatabase.fresh());
    JobStore store = PostgresJobStore.open(database);
    StoreDatabase.run(database, "ALTER TABLE viewexport.task RENAME TO hidden");
    assertThatThrownBy(() -> store.create(planned(1, 1)))
        .isInstanceOf(JobStoreException.class)
        .hasMessageContaining("42P01");
    StoreDatabase.run(database, "ALTER TABLE viewexport.hidden RENAME TO task");
    assertThat(store.list(JobFilter.NEWEST)).isEmpty();
    runAJob(store);
  }

  private static void runAJob(JobStore store) {
    NewJob job = planned(2, 2);
    store.create(job);
    runToEnd(store, job);
  }

  private static void runToEnd(JobStore store, NewJob job) {
    for (int stage = 0; stage < 4; stage++) {
      for (ClaimedTask task : store.claim(claim("w", 100))) {
        assertThat(store.settle(task.lease(), on(success(task, job)))).isTrue();
      }
    }
    assertThat(store.find(job.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
  }

  /** A data source whose every connection fails with this SQLSTATE. */
  private static DataSource noDatabase(String state) {
    return (DataSource)
        Proxy.newProxyInstance(
            PostgresJobStoreHostTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              throw new SQLException("secret server text", state);
            });
  }
}
