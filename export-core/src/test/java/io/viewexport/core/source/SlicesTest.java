// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SharedSnapshot;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlicesTest {
  private static final int ROWS = 500;
  private final PostgresViewSource source = TestDatabase.source();

  /** The row numbers of each slice. */
  private List<List<Object>> slices(DescribedView view, List<String> key, int count) {
    List<List<Object>> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SliceRequest request = TestDatabase.request(view, new ViewSlice.KeyHash(i, count), key);
      slices.add(TestDatabase.read(source, request).stream().map(row -> row.get(0)).toList());
    }
    return slices;
  }

  private static void assertEachOnce(List<List<Object>> slices, int rows) {
    List<Object> all = new ArrayList<>();
    slices.forEach(all::addAll);
    assertThat(all).hasSize(rows).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "int4      | case n when 1 then -2147483648 when 2 then 2147483647 else n end",
        "int8      | case n when 1 then -9223372036854775808 else -n end",
        "int2      | n - 250",
        "text      | 'key-' || n",
        "char(9)   | 'k' || n",
        "uuid      | md5(n::text)::uuid",
        "bytea     | decode(md5(n::text), 'hex')",
        "bool      | n % 2 = 0",
        "float8    | n / 7.0",
        "numeric   | n / 7.0",
        "numeric(9,2) | n / 7.0",
        "date      | date '2000-01-01' + n",
        "timestamp | timestamp '2000-01-01' + n * interval '1 hour'",
        "timestamptz | timestamptz '2000-01-01' + n * interval '1 hour'",
        "jsonb     | jsonb_build_object('n', n)",
        "int[]     | array[n, null]",
        "time      | time '00:00' + n * interval '1 minute'",
      })
  void hashSlicesHoldEachRowOnceForEveryKeyType(String type, String expression) {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        ("create table " + schema + ".t as select n, case when n % 50 = 0 then null")
            + (" else (" + expression + ")::" + type + " end as k")
            + (" from generate_series(1, " + ROWS + ") n"));
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    for (int count : new int[] {1, 2, 7}) {
      List<List<Object>> slices = slices(view, List.of("k"), count);
      assertEachOnce(slices, ROWS);
      assertThat(slices.get(0)).contains(50, 100, 150, 200, 250, 300, 350, 400, 450, 500);
    }
  }

  @Test
  void hashSlicesAreBalancedAndTakeCompositeKeys() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table "
            + schema
            + ".t as select n, case when n % 100 = 0 then null else 'a' || n % 10 end as a,"
            + " case when n % 90 = 0 then null else n / 10 end as \"B\""
            + (" from generate_series(1, " + ROWS + ") n"));
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    List<List<Object>> slices = slices(view, List.of("a", "B"), 4);
    assertEachOnce(slices, ROWS);
    assertThat(slices.get(0)).contains(90, 100, 180, 200, 270, 300);
    assertThat(slices).allSatisfy(slice -> assertThat(slice).hasSizeBetween(80, 180));
    assertThat(slices(view, List.of("B", "a"), 4)).isNotEqualTo(slices);
  }

  @Test
  void equalNumbersWrittenDifferentlyShareASlice() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table " + schema + ".t (n int, k numeric, f float8)",
        "insert into " + schema + ".t values (1, 1.0, 0), (2, 1.00, '-0'), (3, 1, 0)");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    for (String key : List.of("k", "f")) {
      assertThat(slices(view, List.of(key), 5)).contains(List.of(1, 2, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(-9223372036854775808)::int8", "(-1)::int8", "9223372036854775807", "null::int8"})
  void everyHashHasASlice(String hash) {
    for (int count : new int[] {1, 2, 3, 2147483647}) {
      String slice = TestDatabase.query("select " + CopyStatement.sliceNumber(hash, count));
      assertThat(Long.parseLong(slice)).isBetween(0L, count - 1L);
    }
    assertThat(TestDatabase.query("select " + CopyStatement.sliceNumber("null::int8", 3)))
        .isEqualTo("0");
  }

  @Test
  void keysOfNegativeHashesAreInSlicesToo() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table "
            + schema
            + ".t as select row_number() over () ::int n, k from (select 'k' || g k from"
            + " generate_series(1, 1000) g) x where hashtextextended(k collate \"C\", 0) < 0");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    int rows = Integer.parseInt(TestDatabase.query("select count(*) from " + schema + ".t"));
    assertThat(rows).isGreaterThan(100);
    assertEachOnce(slices(view, List.of("k"), 3), rows);
  }

  @Test
  void pageRangesUnderOneSnapshotHoldEachRowOnceWhateverIsWrittenMeanwhile() throws SQLException {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table "
            + schema
            + ".t as select n, repeat('x', 300) x from generate_series(1,"
            + ROWS
            + ") n");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    try (Connection holder = TestDatabase.dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("set transaction isolation level repeatable read");
      String snapshot;
      try (ResultSet rows = statement.executeQuery("select pg_export_snapshot()")) {
        rows.next();
        snapshot = rows.getString(1);
      }
      List<List<Object>> slices = new ArrayList<>();
      for (long[] range : new long[][] {{0, 5}, {5, 6}, {6, 6}, {6, Long.MAX_VALUE}}) {
        slices.add(
            TestDatabase.read(
                    source,
                    underSnapshot(view, new ViewSlice.PageRange(range[0], range[1]), snapshot))
                .stream()
                .map(row -> row.get(0))
                .toList());
        TestDatabase.execute(
            "update " + schema + ".t set x = 'y' where n % 3 = 0",
            "delete from " + schema + ".t where n % 7 = 0");
      }
      assertEachOnce(slices, ROWS);
      assertThat(slices.get(1)).isNotEmpty();
      assertThat(slices.get(2)).isEmpty();
      holder.rollback();
      assertThatThrownBy(
              () -> TestDatabase.read(source, underSnapshot(view, new ViewSlice.Whole(), snapshot)))
          .hasFieldOrPropertyWithValue("code", "snapshot-gone");
    }
  }

  /** The pages of a table that were looked at so far; sessions report at their ends. */
  private static long pagesRead(String schema) {
    return Long.parseLong(
        TestDatabase.query(
            "select heap_blks_read + heap_blks_hit from pg_statio_user_tables where schemaname = '"
                + schema
                + "'"));
  }

  private long pagesRead(DescribedView view, List<ViewSlice> slices) {
    String schema = view.name().schema();
    long before = pagesRead(schema);
    long rows = 0;
    try (SharedSnapshot snapshot = source.openSnapshot(List.of(view.name()))) {
      for (ViewSlice slice : slices) {
        rows += TestDatabase.read(source, underSnapshot(view, slice, snapshot.name())).size();
      }
    }
    assertThat(rows).isEqualTo(20_000);
    long deadline = System.nanoTime() + 20_000_000_000L;
    long read = pagesRead(schema);
    while (read - before < 1000 || read != pagesRead(schema)) {
      assertThat(System.nanoTime() - deadline).isNegative();
      read = pagesRead(schema);
    }
    return read - before;
  }

  @Test
  void sixteenSlicesByPagesReadWhatOneReads() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table "
            + schema
            + ".t as select n, repeat('x', 400) x from generate_series(1, 20000) n",
        "vacuum analyze " + schema + ".t");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    long pages = view.estimatedBytes().orElseThrow() / 8192;
    List<ViewSlice> sixteen = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      long to = i == 15 ? Long.MAX_VALUE : pages * (i + 1) / 16;
      sixteen.add(new ViewSlice.PageRange(pages * i / 16, to));
    }
    long one = pagesRead(view, List.of(new ViewSlice.Whole()));
    assertThat(one).isGreaterThanOrEqualTo(pages);
    assertThat((double) pagesRead(view, sixteen)).isLessThanOrEqualTo(one * 1.05);
  }

  @Test
  void tablesBehindASharedSnapshotAreNotEmptied() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute(
        "create table " + schema + ".t as select 1 id",
        "create materialized view " + schema + ".m as select * from " + schema + ".t",
        "create view " + schema + ".v as select * from " + schema + ".m");
    try (SharedSnapshot snapshot = source.openSnapshot(List.of(new ViewName(schema, "v")))) {
      assertThat(snapshot.isAlive()).isTrue();
      assertThatThrownBy(
              () ->
                  TestDatabase.execute(
                      "set lock_timeout = '50ms'", "refresh materialized view " + schema + ".m"))
          .hasRootCauseInstanceOf(SQLException.class);
    }
    TestDatabase.execute("refresh materialized view " + schema + ".m");
  }

  @Test
  void aSnapshotWhoseHolderDiedIsGone() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute("create table " + schema + ".t as select 1 id");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    try (SharedSnapshot snapshot = source.openSnapshot(List.of(view.name()))) {
      String holder = snapshot.name().substring(snapshot.name().indexOf('@') + 1);
      TestDatabase.execute(
          "select pg_terminate_backend(pid, 5000) from pg_locks where virtualxid = '"
              + holder
              + "' and locktype = 'virtualxid'");
      assertThatThrownBy(
              () ->
                  TestDatabase.read(
                      source, underSnapshot(view, new ViewSlice.Whole(), snapshot.name())))
          .hasFieldOrPropertyWithValue("code", "snapshot-gone");
      assertThat(snapshot.isAlive()).isFalse();
    }
  }

  @Test
  void pageRangesWithoutASharedSnapshotAreRefused() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute("create table " + schema + ".t as select 1 id");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    SliceRequest request =
        TestDatabase.request(view, new ViewSlice.PageRange(0, Long.MAX_VALUE), List.of());
    assertThatThrownBy(() -> TestDatabase.read(source, request))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSnapshotNameIsNeverStatementText() {
    String schema = TestDatabase.newSchema();
    TestDatabase.execute("create table " + schema + ".t as select 1 id");
    DescribedView view = source.describeView(new ViewName(schema, "t"));
    assertThatThrownBy(
            () -> TestDatabase.read(source, underSnapshot(view, new ViewSlice.Whole(), "1'; x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SliceRequest underSnapshot(DescribedView view, ViewSlice slice, String snapshot) {
    return new SliceRequest(
        view.name(),
        view.schema(),
        slice,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        ViewFilters.NONE,
        Optional.of(snapshot));
  }
}
