// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.DeltaLog;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tables that Spark made with a feature of Delta's: each mode works on them or refuses them by the
 * feature's name, the table unchanged.
 */
class SparkTargetsTest {
  private static final String COLUMNS = "id STRING, ts TIMESTAMP, n INT";
  private static final String EPOCH = "TIMESTAMP '1970-01-01'";
  private static final Set<MergeMode> ALL = EnumSet.allOf(MergeMode.class);
  private static final Set<MergeMode> NONE = EnumSet.noneOf(MergeMode.class);
  private static final Set<MergeMode> APPENDING = EnumSet.of(MergeMode.INSERT, MergeMode.HISTORY);

  @TempDir Path folder = Path.of("");
  private String schema = "";
  private ExportLab lab;

  /**
   * A kind of table.
   *
   * @param name what it is
   * @param columns its columns, of which {@code id}, {@code ts} and {@code n} are the view's
   * @param clauses what stands after the columns
   * @param works the modes that work
   * @param word what a refusal names
   * @param later statements on the table, which is {@code %s}, after the rows a and b are in it
   */
  record Target(
      String name,
      String columns,
      String clauses,
      Set<MergeMode> works,
      String word,
      List<String> later) {
    static Target of(String name, String properties, Set<MergeMode> works, String word) {
      return new Target(
          name, COLUMNS, "TBLPROPERTIES (" + properties + ")", works, word, List.of());
    }

    Target columns(String text) {
      return new Target(name, text, clauses, works, word, later);
    }

    Target then(String... statements) {
      return new Target(name, columns, clauses, works, word, List.of(statements));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Target> targets() {
    List<Target> targets = new ArrayList<>(properties());
    targets.addAll(columns());
    return targets.stream();
  }

  private static List<Target> properties() {
    return List.of(
        Target.of("plain", "'delta.minReaderVersion' = '1'", ALL, ""),
        Target.of("deletion vectors", "'delta.enableDeletionVectors' = 'true'", ALL, "")
            .then(
                "INSERT INTO %s (id, ts, n) SELECT 'x' || id, " + EPOCH + ", 0 FROM range(100)",
                "DELETE FROM %s WHERE id LIKE 'x%%'"),
        Target.of(
                "column mapping by name",
                "'delta.columnMapping.mode' = 'name'",
                NONE,
                "column mapping")
            .then("ALTER TABLE %s RENAME COLUMN n TO m"),
        Target.of(
            "column mapping by id", "'delta.columnMapping.mode' = 'id'", NONE, "column mapping"),
        Target.of(
            "change data feed",
            "'delta.enableChangeDataFeed' = 'true'",
            APPENDING,
            "change data feed"),
        Target.of("append-only", "'delta.appendOnly' = 'true'", APPENDING, "append-only"),
        Target.of("row tracking", "'delta.enableRowTracking' = 'true'", APPENDING, "tracks rows"),
        Target.of("type widening", "'delta.enableTypeWidening' = 'true'", ALL, "")
            .columns("id STRING, ts TIMESTAMP, n SMALLINT")
            .then("ALTER TABLE %s ALTER COLUMN n TYPE INT"),
        Target.of(
                "v2 checkpoints",
                "'delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '2'",
                ALL,
                "")
            .then(
                "INSERT INTO %s (id, ts, n) VALUES ('c', " + EPOCH + ", 1)",
                "INSERT INTO %s (id, ts, n) VALUES ('d', " + EPOCH + ", 1)",
                "DELETE FROM %s WHERE id IN ('c', 'd')"),
        Target.of("in-commit timestamps", "'delta.enableInCommitTimestamps' = 'true'", ALL, ""));
  }

  private static List<Target> columns() {
    return List.of(
        new Target(
            "constraint",
            COLUMNS,
            "",
            NONE,
            "CHECK constraint few",
            List.of("ALTER TABLE %s ADD CONSTRAINT few CHECK (n < 9)")),
        new Target(
            "NOT NULL on a column of the view",
            "id STRING NOT NULL, ts TIMESTAMP, n INT",
            "",
            ALL,
            "",
            List.of()),
        new Target(
            "generated column",
            COLUMNS + ", y INT GENERATED ALWAYS AS (year(ts))",
            "",
            NONE,
            "generated column",
            List.of()),
        new Target(
            "identity column",
            COLUMNS + ", number BIGINT GENERATED ALWAYS AS IDENTITY",
            "",
            NONE,
            "identity column",
            List.of()),
        new Target(
            "partitions", COLUMNS, "PARTITIONED BY (n)", NONE, "partitioned by n", List.of()),
        new Target("clustering", COLUMNS, "CLUSTER BY (id)", ALL, "", List.of()),
        new Target(
            "default of a column of the view",
            "id STRING, ts TIMESTAMP, n INT DEFAULT 7",
            "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
            ALL,
            "",
            List.of()),
        new Target(
            "default of another column",
            COLUMNS + ", other INT DEFAULT 7",
            "TBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
            NONE,
            "default value",
            List.of()),
        new Target(
            "another column of another type",
            COLUMNS + ", other TIMESTAMP_NTZ, s STRUCT<a: INT>",
            "",
            ALL,
            "",
            List.of()),
        new Target("variant", COLUMNS + ", other VARIANT", "", NONE, "variantType", List.of()));
  }

  @BeforeEach
  void makeView() {
    schema = SourceDatabase.newSchema();
    lab = ExportLab.open(folder, schema);
    SourceDatabase.execute(
        "create view "
            + schema
            + ".v as select id, timestamptz 'epoch' + extra as ts, n from (values"
            + " ('b', interval '1 day', 2), ('c', interval '1 day', 2)) r(id, extra, n)");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @MethodSource("targets")
  void eachModeWorksOrIsRefusedByName(Target target) throws IOException {
    create("first", target);
    for (MergeMode mode : ALL) {
      if (!target.works().contains(mode)) {
        assertRefused(target, "first", mode);
      }
    }
    for (MergeMode mode : tried(target)) {
      create(mode.code(), target);
      lab.exported("v", mode.code(), mode);
      assertThat(rows(mode.code())).as("%s", mode).isEqualTo(expected(mode));
      DeltaLog before = DeltaLog.read(lab.table(mode.code()));
      lab.exported("v", mode.code(), mode);
      assertThat(DeltaLog.read(lab.table(mode.code()))).as("%s again", mode).isEqualTo(before);
    }
  }

  /** Where all work, one that rewrites files and one that only adds some: Spark is slow. */
  private static Set<MergeMode> tried(Target target) {
    return target.works().equals(ALL) && !target.name().equals("deletion vectors")
        ? EnumSet.of(MergeMode.UPSERT, MergeMode.HISTORY)
        : target.works();
  }

  private void create(String name, Target target) {
    String table = SparkOracle.table(lab.table(name));
    SparkOracle spark = SparkOracle.shared();
    spark.execute(
        "CREATE TABLE " + table + " (" + target.columns() + ") USING delta " + target.clauses());
    spark.execute(
        "INSERT INTO "
            + table
            + " (id, ts, n) VALUES ('a', "
            + EPOCH
            + ", 1), ('b', "
            + EPOCH
            + ", 1)");
    for (String statement : target.later()) {
      spark.execute(String.format(statement, table));
    }
  }

  private void assertRefused(Target target, String name, MergeMode mode) throws IOException {
    DeltaLog before = DeltaLog.read(lab.table(name));
    FailureCause cause = lab.failed("v", name, mode);
    assertThat(cause.kind()).isEqualTo(FailureKind.PERMANENT);
    assertThat(cause.code()).isEqualTo("target-not-supported");
    assertThat(cause.message()).contains(target.word());
    assertThat(DeltaLog.read(lab.table(name))).isEqualTo(before);
  }

  private List<String> rows(String name) {
    return SparkOracle.shared()
        .query(
            "SELECT concat_ws('|', id, unix_date(cast(ts AS DATE)), n, coalesce(cast(is_deleted AS STRING), '-')) AS r"
                + " FROM "
                + SparkOracle.table(lab.table(name))
                + " ORDER BY r")
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private static List<String> expected(MergeMode mode) {
    return switch (mode) {
      case INSERT -> List.of("a|0|1|-", "b|0|1|-", "c|1|2|0");
      case HISTORY -> List.of("a|0|1|-", "b|0|1|-", "b|1|2|0", "c|1|2|0");
      case UPSERT, REPLACE -> List.of("a|0|1|-", "b|1|2|0", "c|1|2|0");
    };
  }
}
