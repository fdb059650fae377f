// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopAndCloseTest {
  private final OneConnection pool = new OneConnection(TestDatabase.dataSource());
  private final PostgresViewSource source = PostgresViewSource.create(pool);
  private final TestStop stop = new TestStop();
  private String schema = "";

  @BeforeEach
  void makeViews() {
    schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create view "
            + schema
            + ".endless as select n, pg_sleep(case when n > 2 then 600 else 0"
            + " end)::text s, repeat('x', 20000) x from generate_series(1, 10) n",
        "create view "
            + schema
            + ".big as select n, repeat('x', 1000) x from"
            + " generate_series(1, 100000) n",
        "create view " + schema + ".small as select 1 a");
  }

  private SliceRequest request(String name) {
    return TestDatabase.whole(source.describeView(new ViewName(schema, name)));
  }

  @Test
  void stopEndsAReaderThatIsBlocked() throws Exception {
    SliceRequest request = request("endless");
    RowCursor rows = source.openSlice(request, stop);
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              while (rows.next()) {
                assertThat(rows.intValue(0)).isLessThan(3);
              }
            });
    awaitSleepingQuery();
    stop.stop();
    assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ExportStoppedException.class);
    assertThatThrownBy(rows::next).isInstanceOf(ExportStoppedException.class);
    rows.close();
    assertConnectionIsClean();
  }

  private void awaitSleepingQuery() {
    String running =
        "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and query like '%"
            + schema
            + "%'";
    while (TestDatabase.query(running).equals("0")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void stopEndsAnOpeningThatWaitsForALock() throws Exception {
    TestDatabase.execute("create table " + schema + ".t as select 1 id");
    SliceRequest request = request("t");
    try (Connection locker = TestDatabase.dataSource().getConnection();
        Statement statement = locker.createStatement()) {
      locker.setAutoCommit(false);
      statement.execute("lock table " + schema + ".t in access exclusive mode");
      CompletableFuture<RowCursor> opening =
          CompletableFuture.supplyAsync(() -> source.openSlice(request, stop));
      while (TestDatabase.query(
              "select count(*) from pg_locks where not granted and relation = '"
                  + (schema + ".t'::regclass"))
          .equals("0")) {
        Thread.onSpinWait();
      }
      stop.stop();
      assertThatThrownBy(() -> opening.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ExportStoppedException.class);
      locker.rollback();
    }
    assertConnectionIsClean();
  }

  @Test
  void stopEndsAnOpeningThatWaitsForTheFirstRow() throws Exception {
    TestDatabase.execute(
        "create view "
            + schema
            + ".late as select n, pg_sleep(600)::text s from"
            + " generate_series(1, 10) n");
    SliceRequest request = request("late");
    // The server sends nothing before its first buffer is full, not even that COPY has begun.
    CompletableFuture<Boolean> opening =
        CompletableFuture.supplyAsync(() -> source.openSlice(request, stop).next());
    awaitSleepingQuery();
    stop.stop();
    assertThatThrownBy(() -> opening.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ExportStoppedException.class);
    assertConnectionIsClean();
  }

  @Test
  void stopEndsAReaderBetweenTwoRows() throws SQLException {
    try (RowCursor rows = source.openSlice(request("big"), stop)) {
      assertThat(rows.next()).isTrue();
      stop.stop();
      assertThatThrownBy(rows::next).isInstanceOf(ExportStoppedException.class);
    }
    assertConnectionIsClean();
  }

  @Test
  void stopBeforeTheOpeningTakesNoConnection() {
    SliceRequest request = request("small");
    int borrowed = pool.borrowed();
    stop.stop();
    assertThatThrownBy(() -> source.openSlice(request, stop))
        .isInstanceOf(ExportStoppedException.class);
    assertThat(pool.borrowed()).isEqualTo(borrowed);
  }

  @Test
  void theStopSignalIsLetGoAtTheEnd() {
    try (RowCursor rows = source.openSlice(request("small"), stop)) {
      assertThat(stop.registrations()).isEqualTo(1);
      assertThat(rows.next()).isTrue();
      assertThat(rows.next()).isFalse();
      assertThat(stop.registrations()).isZero();
    }
  }

  @Test
  void theConnectionComesBackCleanAtTheEndAlreadyBeforeClose() throws SQLException {
    RowCursor rows = source.openSlice(request("small"), stop);
    assertThat(rows.next()).isTrue();
    assertThat(pool.isLent()).isTrue();
    assertThat(rows.next()).isFalse();
    assertThat(pool.isLent()).isFalse();
    assertThat(rows.next()).isFalse();
    rows.close();
    assertThat(rows.next()).isFalse();
    assertConnectionIsClean();
  }

  @Test
  void closingEarlyCancelsTheCopyAndGivesTheConnectionBackClean() throws SQLException {
    RowCursor rows = source.openSlice(request("big"), stop);
    assertThat(rows.next()).isTrue();
    rows.close();
    rows.close();
    assertThatThrownBy(rows::next).isInstanceOf(IllegalStateException.class);
    assertThat(rows.rowCount()).isEqualTo(1);
    assertConnectionIsClean();
  }

  @Test
  void closingAfterTheServerHasSentAllLeavesNothingToTheNextUser() throws SQLException {
    TestDatabase.execute("create view " + schema + ".few as select n from generate_series(1, 3) n");
    RowCursor rows = source.openSlice(request("few"), stop);
    rows.next();
    String sent =
        "select count(*) from pg_stat_activity where state = 'idle in transaction' and query like '%"
            + schema
            + "%'";
    while (TestDatabase.query(sent).equals("0")) {
      Thread.onSpinWait();
    }
    rows.close();
    assertConnectionIsClean();
  }

  @Test
  void closingWhileTheServerSleepsEndsItsQuery() throws SQLException {
    RowCursor rows = source.openSlice(request("endless"), stop);
    assertThat(rows.next()).isTrue();
    rows.close();
    assertConnectionIsClean();
  }

  @Test
  void aFailedReadingGivesTheConnectionBackClean() throws SQLException {
    TestDatabase.execute(
        "create view " + schema + ".bad as select 1 / (n - 50) q from generate_series(1, 100) n");
    try (RowCursor rows = source.openSlice(request("bad"), stop)) {
      assertThatThrownBy(
              () -> {
                while (rows.next()) {
                  assertThat(rows.isNull(0)).isFalse();
                }
              })
          .isInstanceOf(ExportException.class);
      assertThat(pool.isLent()).isFalse();
    }
    assertConnectionIsClean();
  }

  @Test
  void aBrokenConnectionIsARetryableFailureAndNotReused() {
    try (RowCursor rows = source.openSlice(request("endless"), stop)) {
      awaitSleepingQuery();
      TestDatabase.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'"
              + " and query like '%"
              + schema
              + "%'");
      assertThatThrownBy(
              () -> {
                while (rows.next()) {
                  assertThat(rows.isNull(0)).isFalse();
                }
              })
          .isInstanceOfSatisfying(
              ExportException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE));
    }
    assertThat(pool.isBroken()).isTrue();
  }

  private void assertConnectionIsClean() throws SQLException {
    assertThat(pool.isLent()).isFalse();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.isReadOnly()).isFalse();
      assertThat(connection.getNetworkTimeout()).isEqualTo(OneConnection.NETWORK_TIMEOUT);
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
      try (ResultSet rows =
          statement.executeQuery(
              "select current_setting('transaction_read_only') || current_setting('lock_timeout')"
                  + " || current_setting('IntervalStyle')")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("off0postgres");
      }
      statement.execute("select pg_advisory_lock(1); select pg_advisory_unlock(1)");
    }
  }

  @Test
  void describingGivesTheConnectionBackClean() throws SQLException {
    request("small");
    assertConnectionIsClean();
    assertThat(Duration.ofMillis(OneConnection.NETWORK_TIMEOUT)).isPositive();
  }
}
