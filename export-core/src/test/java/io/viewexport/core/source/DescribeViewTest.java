// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescribeViewTest {
  private String schema = "";

  @BeforeEach
  void makeSchema() {
    schema = TestDatabase.newSchema();
  }

  private DescribedView describe(String name) {
    return TestDatabase.source().describeView(new ViewName(schema, name));
  }

  private List<ExportIssue> refusal(PostgresViewSource source, ViewName view) {
    return catchThrowableOfType(ExportRefusedException.class, () -> source.describeView(view))
        .issues();
  }

  private List<ExportIssue> refusal(String name) {
    return refusal(TestDatabase.source(), new ViewName(schema, name));
  }

  @Test
  void columnsComeInOrderWithoutDroppedAndSystemColumns() {
    TestDatabase.execute(
        "create table " + schema + ".t (b int, gone int, a varchar(7), \"A\" timestamptz)",
        "alter table " + schema + ".t drop column gone");
    assertThat(describe("t").schema().columns())
        .containsExactly(
            new ViewColumn("b", ColumnType.INT, "integer"),
            new ViewColumn("a", ColumnType.STRING, "character varying(7)"),
            new ViewColumn("A", ColumnType.TIMESTAMP, "timestamp with time zone"));
  }

  @Test
  void tablesAndMaterialisedViewsCanBeCutByPages() {
    TestDatabase.execute(
        "create table " + schema + ".t as select 1 id",
        "create view " + schema + ".v as select 1 id",
        "create materialized view " + schema + ".m as select 1 id",
        "create table " + schema + ".p (id int) partition by hash (id)");
    for (String name : List.of("t", "m")) {
      assertThat(describe(name).sliceKinds()).containsExactlyInAnyOrder(SliceKind.values());
    }
    for (String name : List.of("v", "p")) {
      assertThat(describe(name).sliceKinds())
          .containsExactlyInAnyOrder(SliceKind.WHOLE, SliceKind.KEY_HASH);
    }
  }

  @Test
  void sizesAreEstimated() {
    TestDatabase.execute(
        "create table " + schema + ".t as select n, 'x' || n x from generate_series(1, 10000) n",
        "create view " + schema + ".v as select * from " + schema + ".t",
        "create table " + schema + ".empty (id int)",
        "analyze " + schema + ".t",
        "insert into " + schema + ".t select n, 'x' || n from generate_series(1, 10000) n");
    for (String name : List.of("t", "v")) {
      assertThat(describe(name).estimatedRows().orElseThrow()).isBetween(18_000L, 22_000L);
      assertThat(describe(name).estimatedBytes().orElseThrow()).isGreaterThan(100_000L);
    }
    assertThat(describe("empty").estimatedRows()).hasValue(0);
  }

  @Test
  void aViewThatCannotBePlannedHasNoEstimateButIsDescribed() {
    TestDatabase.execute("create view " + schema + ".v as select 1 / 0 as broken");
    assertThat(describe("v").estimatedRows()).isEmpty();
    assertThat(describe("v").schema().size()).isEqualTo(1);
  }

  @Test
  void describingDoesNotRunTheView() {
    TestDatabase.execute(
        "create sequence " + schema + ".calls",
        "create view " + schema + ".v as select nextval('" + schema + ".calls') id");
    assertThat(describe("v").estimatedRows()).hasValue(1);
    assertThat(TestDatabase.query("select is_called from " + schema + ".calls")).isEqualTo("f");
  }

  @Test
  void aMissingViewIsRefusedWithTheRightSpelling() {
    TestDatabase.execute("create view " + schema + ".\"Patient\" as select 1 id");
    assertThat(refusal("patient"))
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.code()).isEqualTo("view-not-found");
              assertThat(issue.message()).contains(schema + ".Patient");
            });
    assertThat(refusal("other").get(0).message()).contains("does not exist");
    assertThat(refusal(TestDatabase.source(), new ViewName("nowhere", "v")).get(0).message())
        .contains("schema nowhere does not exist");
  }

  @Test
  void whatHasNoRowsIsRefused() {
    TestDatabase.execute(
        "create sequence " + schema + ".s",
        "create table " + schema + ".t (id int primary key)",
        "create table " + schema + ".none ()",
        "create materialized view " + schema + ".m as select 1 id with no data");
    assertThat(refusal("s")).extracting(ExportIssue::code).containsExactly("not-a-view");
    assertThat(refusal("t_pkey")).extracting(ExportIssue::code).containsExactly("not-a-view");
    assertThat(refusal("none")).extracting(ExportIssue::code).containsExactly("no-columns");
    assertThat(refusal("m")).extracting(ExportIssue::code).containsExactly("view-not-populated");
  }

  @Test
  void everyUnsupportedColumnIsNamedWithItsType() {
    TestDatabase.execute(
        "create type " + schema + ".pair as (a int, b int)",
        "create domain " + schema + ".place as point",
        "create table "
            + schema
            + ".t (id int, \"Where\" point, r int4range, p "
            + (schema + ".pair, d " + schema + ".place, i inet, ok text)"));
    List<ExportIssue> issues = refusal("t");
    assertThat(issues).hasSize(5).extracting(ExportIssue::code).containsOnly("unsupported-type");
    assertThat(issues.get(0).message()).contains("\"Where\"").contains("type point");
    assertThat(issues.get(3).message()).contains("\"d\"").contains(schema + ".place");
  }

  @Test
  void missingPrivilegesAreRefused() {
    String role = "reader_" + schema;
    TestDatabase.execute(
        "create role " + role + " login", "create view " + schema + ".v as select 1 id, 2 secret");
    PostgresViewSource source = PostgresViewSource.create(TestDatabase.dataSource(role));
    ViewName view = new ViewName(schema, "v");
    assertThat(refusal(source, view).get(0).message()).contains("USAGE on schema " + schema);
    TestDatabase.execute(
        "grant usage on schema " + schema + " to " + role,
        "grant select (id) on " + schema + ".v to " + role);
    assertThat(refusal(source, view))
        .singleElement()
        .satisfies(issue -> assertThat(issue.code()).isEqualTo("view-not-readable"));
    TestDatabase.execute("grant select (secret) on " + schema + ".v to " + role);
    assertThat(source.describeView(view).schema().size()).isEqualTo(2);
  }

  @Test
  void oddNamesAreFound() {
    String longest = "é".repeat(31) + "x";
    for (String name : List.of("a.b", "qu\"ote", "😀", "select", "Mixed Case", "'x'", longest)) {
      TestDatabase.execute(
          "create view "
              + (schema + "." + SqlIdentifier.quote(name) + " as select 1 as ")
              + SqlIdentifier.quote(name));
      assertThat(describe(name).schema().columns().get(0).name()).isEqualTo(name);
      assertThat(TestDatabase.readAll(TestDatabase.source(), schema, name))
          .containsExactly(List.of(1));
    }
    assertThat(refusal(longest + "y")).hasSize(1);
  }

  @Test
  void describingHasATimeOut() throws SQLException {
    TestDatabase.execute(
        "create table " + schema + ".t (id int)",
        "create view " + schema + ".v as select * from " + schema + ".t");
    PostgresViewSource hasty =
        PostgresViewSource.create(
            new OneConnection(TestDatabase.dataSource()), // logs in before the catalog is locked
            PostgresSourceConfig.builder().describeTimeout(Duration.ofMillis(200)).build());
    try (Connection locker = TestDatabase.dataSource().getConnection();
        Statement statement = locker.createStatement()) {
      locker.setAutoCommit(false);
      statement.execute("lock table pg_catalog.pg_attribute in access exclusive mode");
      assertThatThrownBy(() -> hasty.describeView(new ViewName(schema, "v")))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE);
                assertThat(e.code()).isEqualTo("source-cancelled");
              });
      locker.rollback();
    }
  }

  @Test
  void connectionProblemsAreFailuresOfTheirOwn() {
    TestDatabase.execute("create view " + schema + ".v as select 1 id");
    PGSimpleDataSource noDatabase = TestDatabase.dataSource();
    noDatabase.setDatabaseName("missing");
    assertFails(noDatabase, FailureKind.PERMANENT, "source-database-missing");
    assertFails(
        TestDatabase.dataSource("nobody_at_all"), FailureKind.PERMANENT, "source-login-refused");
    PGSimpleDataSource noPort = TestDatabase.dataSource();
    noPort.setPortNumbers(new int[] {1});
    assertFails(noPort, FailureKind.RETRYABLE, "source-unreachable");
    PGSimpleDataSource noHost = TestDatabase.dataSource();
    noHost.setServerNames(new String[] {"host.invalid"});
    assertFails(noHost, FailureKind.RETRYABLE, "source-unreachable");
  }

  private void assertFails(PGSimpleDataSource dataSource, FailureKind kind, String code) {
    PostgresViewSource source = PostgresViewSource.create(dataSource);
    assertThatThrownBy(() -> source.describeView(new ViewName(schema, "v")))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(kind);
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.message()).contains("SQLSTATE");
            });
  }
}
