// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenSliceTest {
  private final PostgresViewSource source = TestDatabase.source();
  private String schema = "";

  @BeforeEach
  void makeSchema() {
    schema = TestDatabase.newSchema();
  }

  private DescribedView describe(String name) {
    return source.describeView(new ViewName(schema, name));
  }

  private ExportException failure(PostgresViewSource source, SliceRequest request) {
    return catchThrowableOfType(ExportException.class, () -> TestDatabase.read(source, request));
  }

  @ParameterizedTest
  @CsvSource({
    "timestamptz, 2024-05-05T12:00:00Z,          3;4;5",
    "timestamptz, 2024-05-05T12:00:00.000001Z,   4;5",
    "timestamptz, 2024-05-05T12:00:00.000000001Z, 4;5",
    "timestamptz, -1000000000-01-01T00:00:00Z,   1;2;3;4;5",
    "timestamptz, +10000-01-01T00:00:00Z,        ''",
    "timestamp,   2024-05-05T12:00:00Z,          3;4;5",
    "timestamp,   2024-05-05T12:00:01Z,          4;5",
    "date,        2024-05-05T12:00:00Z,          2;3;4;5",
    "date,        2024-05-06T00:00:00Z,          5",
  })
  void sinceIsComparedInUtcAndLeavesRowsWithoutATimeOut(String type, Instant since, String ids) {
    TestDatabase.execute(
        "create table " + schema + ".t (id int, \"t'; drop\" " + type + ")",
        "set timezone = 'UTC'; insert into "
            + schema
            + ".t values (1, '2024-05-04 23:59:59'), (2, '2024-05-05 11:59:59.999999'), (3,"
            + " '2024-05-05 12:00'), (4, '2024-05-05 12:00:01'), (5, '2024-05-06'), (6, null)");
    String role = "zone_" + schema;
    TestDatabase.execute(
        "create role " + role + " login",
        "alter role " + role + " set timezone = 'Asia/Tokyo'",
        "grant usage on schema " + schema + " to " + role,
        "grant select on " + schema + ".t to " + role);
    PostgresViewSource tokyo = PostgresViewSource.create(TestDatabase.dataSource(role));
    List<String> found =
        TestDatabase.read(tokyo, TestDatabase.since(describe("t"), "t'; drop", since)).stream()
            .map(row -> row.get(0).toString())
            .toList();
    assertThat(String.join(";", found)).isEqualTo(ids);
  }

  @Test
  void filtersOnWhatIsNotThereAreRefused() {
    TestDatabase.execute("create table " + schema + ".t as select 1 id, 'x' t");
    DescribedView view = describe("t");
    SliceRequest patients =
        new SliceRequest(
            view.name(),
            view.schema(),
            new ViewSlice.Whole(),
            List.of(),
            Optional.empty(),
            Optional.of("none"),
            new ViewFilters(Optional.empty(), List.of("p"), List.of()),
            Optional.empty());
    assertThatThrownBy(() -> TestDatabase.read(source, patients))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> TestDatabase.read(source, TestDatabase.since(view, "t", Instant.EPOCH)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> TestDatabase.read(source, TestDatabase.since(view, "none", Instant.EPOCH)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDescribedOrderOfColumnsLeads() {
    TestDatabase.execute("create table " + schema + ".t as select 1 a, 'x' b, true c");
    DescribedView view = describe("t");
    var columns = new ArrayList<>(view.schema().columns());
    Collections.reverse(columns);
    SliceRequest request =
        TestDatabase.whole(
            new DescribedView(
                view.name(),
                new ViewSchema(columns),
                view.estimatedRows(),
                view.estimatedBytes(),
                view.sliceKinds()));
    assertThat(TestDatabase.read(source, request)).containsExactly(List.of(true, "x", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "select 1 a, view-changed, b",
    "'select 1 a, 2 b, 3 extra', view-changed, extra",
    "'select 1 a, 2::int8 b', view-changed, b",
    "'select 1 a, point ''(1,2)'' b', view-changed, b",
    "'', view-gone, exist",
  })
  void aViewReplacedSincePlanningFailsForGood(String replaced, String code, String named) {
    TestDatabase.execute("create view " + schema + ".v as select 1 a, 2 b");
    SliceRequest request = TestDatabase.whole(describe("v"));
    TestDatabase.execute("drop view " + schema + ".v");
    if (!replaced.isEmpty()) {
      TestDatabase.execute("create view " + schema + ".v as " + replaced);
    }
    ExportException failure = failure(source, request);
    assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message()).contains(named);
  }

  @Test
  void aPermissionTakenAwayFailsForGood() {
    String role = "late_" + schema;
    TestDatabase.execute(
        "create view " + schema + ".v as select 1 a",
        "create role " + role + " login",
        "grant usage on schema " + schema + " to " + role);
    PostgresViewSource late = PostgresViewSource.create(TestDatabase.dataSource(role));
    ExportException failure = failure(late, TestDatabase.whole(describe("v")));
    assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
    assertThat(failure.code()).isEqualTo("view-not-readable");
    assertThat(failure.message()).contains(schema + ".v").contains("42501");
  }

  @Test
  void aViewThatFailsHalfWaySaysWhyWithoutAValue() {
    TestDatabase.execute(
        "create table " + schema + ".t as select n from generate_series(1, 20000) n",
        "create view " + schema + ".v as select n, 1 / (n - 15000) q from " + schema + ".t",
        "create view " + schema + ".w as select ('secret' || n)::int q from " + schema + ".t");
    SliceRequest request = TestDatabase.whole(describe("v"));
    try (RowCursor rows = source.openSlice(request, new TestStop())) {
      ExportException failure =
          catchThrowableOfType(
              ExportException.class,
              () -> {
                while (rows.next()) {
                  assertThat(rows.intValue(0)).isLessThan(15000);
                }
              });
      assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
      assertThat(failure.code()).isEqualTo("view-failed");
      assertThat(failure.message()).contains("division by zero").contains("22012");
      assertThat(rows.rowCount()).isEqualTo(14999);
      assertThatThrownBy(rows::next).isSameAs(failure);
    }
    assertThat(failure(source, TestDatabase.whole(describe("w"))).message())
        .contains("22P02")
        .doesNotContain("secret");
  }

  @Test
  void timeOutsOfTheRoleDoNotCutAnExport() {
    String role = "hasty_" + schema;
    TestDatabase.execute(
        "create role " + role + " login",
        "alter role " + role + " set statement_timeout = '1s'",
        "alter role " + role + " set idle_in_transaction_session_timeout = '1s'",
        "alter role " + role + " set transaction_timeout = '1s'",
        "grant usage on schema " + schema + " to " + role,
        "create view " + schema + ".v as select 1 a, pg_sleep(1.5)::text b",
        "grant select on " + schema + ".v to " + role);
    var dataSource = TestDatabase.dataSource(role);
    dataSource.setSocketTimeout(1);
    PostgresViewSource hasty = PostgresViewSource.create(dataSource);
    assertThat(TestDatabase.readAll(hasty, schema, "v")).hasSize(1);
  }

  @Test
  void aLockedViewIsWaitedForNoLongerThanAllowed() throws SQLException {
    TestDatabase.execute("create table " + schema + ".t as select 1 a");
    SliceRequest request = TestDatabase.whole(describe("t"));
    PostgresViewSource hasty =
        PostgresViewSource.create(
            TestDatabase.dataSource(),
            PostgresSourceConfig.builder().lockTimeout(Duration.ofMillis(100)).build());
    try (Connection locker = TestDatabase.dataSource().getConnection();
        Statement statement = locker.createStatement()) {
      locker.setAutoCommit(false);
      statement.execute("lock table " + schema + ".t in access exclusive mode");
      ExportException failure = failure(hasty, request);
      assertThat(failure.kind()).isEqualTo(FailureKind.RETRYABLE);
      assertThat(failure.code()).isEqualTo("view-locked");
      locker.rollback();
    }
  }

  @Test
  void aSliceIsReadUnderOneSnapshot() {
    TestDatabase.execute(
        "create table "
            + schema
            + ".t as select n, repeat('x', 200) x from generate_series(1,"
            + " 50000) n");
    try (RowCursor rows = source.openSlice(TestDatabase.whole(describe("t")), new TestStop())) {
      assertThat(rows.next()).isTrue();
      TestDatabase.execute(
          "update " + schema + ".t set x = 'changed'",
          "insert into " + schema + ".t select n, 'new' from generate_series(1, 1000) n");
      do {
        assertThat(rows.byteLength(1)).isEqualTo(200);
      } while (rows.next());
      assertThat(rows.rowCount()).isEqualTo(50000);
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void aViewThatWritesFails() {
    TestDatabase.execute(
        "create sequence " + schema + ".s",
        "create view " + schema + ".v as select nextval('" + schema + ".s') a");
    assertThat(failure(source, TestDatabase.whole(describe("v"))).code()).isEqualTo("view-failed");
  }
}
