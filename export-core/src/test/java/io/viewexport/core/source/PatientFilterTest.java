// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSlice;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a filter by patient gives, compared with what the table holds for each patient. */
class PatientFilterTest {
  /** More than are looked up one by one. */
  private static final int MANY = 10_001;

  private static final List<String> NASTY =
      List.of(
          "p1",
          "P1",
          "p1 ",
          " p1",
          "p",
          "p1'; drop table t; --",
          "' or '1'='1",
          "') or true --",
          "\"p1\"",
          "\\",
          "\\'",
          "\\u0041",
          "A",
          "$$",
          "$1",
          "?",
          "%",
          "_1",
          "{p1}",
          "[\"p1\"]",
          "p1\",\"p2",
          "p1,p2",
          "null",
          "NULL",
          "\n",
          "\t",
          "\r\n",
          "\u2028",
          "é",
          "e\u0301",
          "ß",
          "SS",
          "患者",
          "\uD83D\uDE00",
          "current_setting('viewexport.patients')",
          "x".repeat(3000));

  private final PostgresViewSource source = TestDatabase.source();
  private final String schema = TestDatabase.newSchema();

  private void fill(String column, List<String> patients) {
    TestDatabase.execute("create table " + schema + ".t (n int, \"p'id\" " + column + ")");
    String insert = "insert into " + schema + ".t select ?, ?::" + column.replaceAll(" .*", "");
    try (Connection connection = TestDatabase.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(insert)) {
      for (int n = 0; n < patients.size() * 3; n++) {
        statement.setInt(1, n);
        statement.setString(2, n % 11 == 10 ? null : patients.get(n % patients.size()));
        statement.addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private SliceRequest request(DescribedView view, ViewSlice slice, List<String> patients) {
    return new SliceRequest(
        view.name(),
        view.schema(),
        slice,
        List.of("n"),
        Optional.empty(),
        Optional.of("p'id"),
        new ViewFilters(Optional.empty(), patients, List.of("a group")),
        Optional.empty());
  }

  private Set<Object> numbers(DescribedView view, ViewSlice slice, List<String> patients) {
    List<List<Object>> rows = TestDatabase.read(source, request(view, slice, patients));
    Set<Object> numbers = rows.stream().map(row -> row.get(0)).collect(Collectors.toSet());
    assertThat(numbers).hasSameSizeAs(rows);
    return numbers;
  }

  private DescribedView describe() {
    return source.describeView(new ViewName(schema, "t"));
  }

  /** The numbers of each patient's rows, by the bytes of the key. */
  private Map<String, Set<Object>> byPatient(DescribedView view) {
    Map<String, Set<Object>> all = new TreeMap<>();
    for (List<Object> row : TestDatabase.read(source, TestDatabase.whole(view))) {
      all.computeIfAbsent(row.get(1).toString(), key -> new HashSet<>()).add(row.get(0));
    }
    all.remove("NULL");
    return all;
  }

  private static List<String> padded(List<String> patients, int size) {
    List<String> all = new ArrayList<>(patients);
    IntStream.range(all.size(), size).forEach(n -> all.add("nobody-" + n));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "varchar", "citext", "text collate nocase"})
  void eachPatientGetsExactlyItsOwnRows(String column) {
    TestDatabase.execute(
        "create extension if not exists citext",
        "create collation if not exists nocase"
            + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    // Made with the caseless column, so that "NULL" the text is told from NULL by the database.
    List<String> patients = NASTY.stream().filter(name -> !name.equals("NULL")).toList();
    fill(column, patients);
    DescribedView view = describe();
    Map<String, Set<Object>> expected = byPatient(view);
    assertThat(expected).hasSameSizeAs(patients);
    for (String patient : patients) {
      for (int size : new int[] {1, MANY}) {
        Set<Object> whole = numbers(view, new ViewSlice.Whole(), padded(List.of(patient), size));
        assertThat(whole).as(patient).isEqualTo(expected.get(patient));
        Set<Object> slices = new HashSet<>();
        for (int i = 0; i < 3 && size == 1; i++) {
          slices.addAll(numbers(view, new ViewSlice.KeyHash(i, 3), List.of(patient)));
        }
        assertThat(slices).as(patient).isIn(whole, Set.of());
      }
    }
    assertThat(TestDatabase.query("select count(*) from " + schema + ".t"))
        .isEqualTo(Integer.toString(patients.size() * 3));
  }

  @Test
  void noPatientsIsNoRow() {
    fill("text", NASTY);
    assertThat(numbers(describe(), new ViewSlice.Whole(), List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uuid", "int8", "int4"})
  void keysOfOtherTypesAreComparedAsText(String type) {
    List<String> keys =
        type.equals("uuid")
            ? List.of(
                "6f1c0d4e-0000-4000-8000-000000000001", "6f1c0d4e-0000-4000-8000-000000000002")
            : List.of("1", "-17");
    fill(type, keys);
    DescribedView view = describe();
    Map<String, Set<Object>> expected = byPatient(view);
    for (int size : new int[] {3, MANY}) {
      for (String key : keys) {
        assertThat(numbers(view, new ViewSlice.Whole(), padded(List.of(key, "no ' number"), size)))
            .isEqualTo(expected.get(key));
      }
    }
  }

  @Test
  void pagesUnderASharedSnapshotAreFilteredToo() throws SQLException {
    fill("text", List.of("a", "b"));
    DescribedView view = describe();
    try (Connection holder = TestDatabase.dataSource().getConnection()) {
      holder.setAutoCommit(false);
      String snapshot;
      try (var rows = holder.createStatement().executeQuery("select pg_export_snapshot()")) {
        rows.next();
        snapshot = rows.getString(1);
      }
      SliceRequest pages = request(view, new ViewSlice.PageRange(0, Long.MAX_VALUE), List.of("a"));
      SliceRequest shared =
          new SliceRequest(
              pages.view(),
              pages.schema(),
              pages.slice(),
              pages.key(),
              pages.timestampColumn(),
              pages.patientColumn(),
              pages.filters(),
              Optional.of(snapshot));
      assertThat(TestDatabase.read(source, shared))
          .hasSameSizeAs(byPatient(view).getOrDefault("a", Set.of()));
    }
  }

  /** Without the index, and in one go: seconds, where looking each up by it would take minutes. */
  @Test
  void aHundredThousandMembersAreReadInOneGo() {
    TestDatabase.execute(
        "create table "
            + schema
            + ".t as select n, 'patient-' || n % 150000 as \"p'id\" from generate_series(1, 300000)"
            + " n",
        "create index on " + schema + ".t (\"p'id\")",
        "analyze " + schema + ".t");
    List<String> members = IntStream.range(0, 100_000).mapToObj(n -> "patient-" + n).toList();
    Set<Object> found = numbers(describe(), new ViewSlice.Whole(), members);
    assertThat(found).hasSize(200_000);
    assertThat(found).allMatch(n -> (int) n % 150_000 < 100_000);
  }
}
