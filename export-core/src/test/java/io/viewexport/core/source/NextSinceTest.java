// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NextSinceTest {
  private final String schema = TestDatabase.newSchema();

  @BeforeEach
  void makeTable() {
    TestDatabase.execute("create table " + schema + ".t (id int, ts timestamptz)");
  }

  private NextSince find(String user, String view) {
    return PostgresViewSource.create(TestDatabase.dataSource(user))
        .nextSince(new ViewName(schema, view));
  }

  private String reason(String view) {
    return find("postgres", view).withheld().map(ExportIssue::code).orElse("none");
  }

  private static Instant now() {
    return Instant.parse(
        TestDatabase.query(
            "select to_char(clock_timestamp() at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
  }

  @Test
  void withNothingUnderWayItIsNow() {
    Instant before = now();
    Instant found = find("postgres", "t").instant().orElseThrow();
    assertThat(found).isBetween(before, now());
  }

  @ParameterizedTest
  @ValueSource(strings = {"insert into %s.t values (1, now())", "select 1"})
  void anOpenTransactionCountsFromItsStartWhateverItHasDone(String first) throws SQLException {
    try (Connection other = TestDatabase.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      Instant before = now();
      statement.execute(first.formatted(schema));
      Instant after = now();
      assertThat(find("postgres", "t").instant().orElseThrow()).isBetween(before, after);
      other.commit();
      assertThat(find("postgres", "t").instant().orElseThrow()).isAfter(after);
    }
  }

  @Test
  void preparedTransactionsHideTheirStart() throws SQLException {
    try (Connection other = TestDatabase.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("begin; insert into " + schema + ".t values (1, now())");
      statement.execute("prepare transaction '" + schema + "'");
      assertThat(reason("t")).isEqualTo("prepared-transactions");
      statement.execute("rollback prepared '" + schema + "'");
    }
    assertThat(reason("t")).isEqualTo("none");
  }

  @Test
  void otherRolesTransactionsNeedARight() throws SQLException {
    String role = "blind_" + schema;
    TestDatabase.execute("create role " + role + " login");
    try (Connection other = TestDatabase.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select 1");
      NextSince blind = find(role, "t");
      assertThat(blind.withheld().orElseThrow().code()).isEqualTo("hidden-transactions");
      TestDatabase.execute("grant pg_read_all_stats to " + role);
      assertThat(find(role, "t").instant()).isPresent();
      other.rollback();
    }
  }

  @Test
  void aSessionThatDoesNotShowWhatItDoesHidesIt() throws SQLException {
    try (Connection other = TestDatabase.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("set track_activities = off");
      other.setAutoCommit(false);
      statement.execute("insert into " + schema + ".t values (1, now())");
      assertThat(reason("t")).isEqualTo("untracked-transactions");
      other.rollback();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "m, materialized-view",
    "over_m, materialized-view",
    "over_over_m, materialized-view",
    "f, foreign-table",
    "parts, foreign-table",
    "over_parts, foreign-table",
    "v, none",
  })
  void rowsThatAreOlderThanWhatBroughtThemAreFound(String view, String reason) {
    String s = schema + ".";
    TestDatabase.execute(
        "create view " + s + "v as select * from " + s + "t",
        "create materialized view " + s + "m as select * from " + s + "t",
        "create view " + s + "over_m as select v.* from " + s + "v join " + s + "m using (id)",
        "create view " + s + "over_over_m as select (select max(id) from " + s + "over_m) id",
        "create foreign data wrapper w_" + schema,
        "create server s_" + schema + " foreign data wrapper w_" + schema,
        "create foreign table " + s + "f (id int) server s_" + schema,
        "create table " + s + "parts (id int) partition by list (id)",
        "create foreign table "
            + (s + "far partition of " + s + "parts for values in (1) server s_")
            + schema,
        "create view " + s + "over_parts as select * from " + s + "parts");
    assertThat(reason(view)).isEqualTo(reason);
  }
}
