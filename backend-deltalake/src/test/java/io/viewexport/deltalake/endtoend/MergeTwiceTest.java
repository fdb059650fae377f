// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.DeltaLog;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exports onto what earlier exports left, in each mode, as Spark sees the table. */
class MergeTwiceTest {
  @TempDir Path folder = Path.of("");
  private String schema = "";
  private ExportLab lab;

  @BeforeEach
  void makeView() {
    schema = SourceDatabase.newSchema();
    lab = ExportLab.open(folder, schema);
    SourceDatabase.execute(
        "create table " + schema + ".t (id text, ts timestamptz, v text)",
        "create view " + schema + ".v as select * from " + schema + ".t");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void rows(String... values) {
    SourceDatabase.execute("truncate " + schema + ".t");
    for (String row : values) {
      SourceDatabase.execute("insert into " + schema + ".t values (" + row + ")");
    }
  }

  private List<String> table(String... columns) {
    String texts =
        Stream.of(columns)
            .map(column -> "coalesce(cast(" + column + " AS STRING), '-')")
            .collect(Collectors.joining(", "));
    return SparkOracle.shared()
        .query(
            "SELECT concat_ws('|', "
                + texts
                + ") AS r FROM "
                + SparkOracle.table(lab.table("t"))
                + " ORDER BY r")
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private List<String> table() {
    return table("id", "year(ts)", "v", "is_deleted");
  }

  private static MergeCounts counts(ExportJob job) {
    return job.outputs().get(0).counts().orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void theSecondRunAddsAndRemovesNoFile(MergeMode mode) throws IOException {
    SourceDatabase.execute(
        "insert into "
            + schema
            + ".t select 'k' || (g / "
            + (mode == MergeMode.REPLACE ? 3 : 1)
            + "), case when g % 10 > 0 or '"
            + mode
            + "' = 'HISTORY' then timestamptz 'epoch' + g * interval '1 hour' end,"
            + " case when g % 7 > 0 then g::text end from generate_series(1, 3000) g");
    assertThat(counts(lab.exported("v", "t", mode))).isEqualTo(MergeCounts.of(3000, 0, 0, 0));
    DeltaLog before = DeltaLog.read(lab.table("t"));
    String digest = digest();

    ExportJob second = lab.exported("v", "t", mode);

    assertThat(counts(second)).isEqualTo(MergeCounts.of(0, 0, 0, 3000));
    assertThat(DeltaLog.read(lab.table("t"))).isEqualTo(before);
    assertThat(before.dataCommits()).isEqualTo(1);
    assertThat(digest()).isEqualTo(digest).startsWith("3000 rows");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(lab.table("t")));
  }

  private String digest() {
    return SparkOracle.shared().digest(lab.table("t"), List.of("id", "ts", "v", "is_deleted"));
  }

  @Test
  void insertLeavesKnownRowsAlone() {
    rows("'a', '2020-01-01', 'old'", "'b', '2020-01-01', 'old'");
    lab.exported("v", "t", MergeMode.INSERT);
    rows("'a', '2024-01-01', 'new'", "'c', null, null");
    assertThat(counts(lab.exported("v", "t", MergeMode.INSERT)))
        .isEqualTo(MergeCounts.of(1, 0, 0, 1));
    assertThat(table()).containsExactly("a|2020|old|0", "b|2020|old|0", "c|-|-|0");
  }

  @Test
  void upsertTakesWhatIsNewerOrOfTheSameTimeAndDifferent() {
    rows(
        "'newer', '2020-01-01', 'old'",
        "'older', '2020-01-01', 'old'",
        "'same', '2020-01-01', 'old'",
        "'equal', '2020-01-01', 'old'",
        "'from-null', null, 'old'",
        "'to-null', '2020-01-01', 'old'",
        "'both-null', null, 'old'",
        "'gone', '2020-01-01', 'old'");
    lab.exported("v", "t", MergeMode.UPSERT);
    rows(
        "'newer', '2021-01-01', 'new'",
        "'older', '2019-01-01', 'new'",
        "'same', '2020-01-01', null",
        "'equal', '2020-01-01', 'old'",
        "'from-null', '1970-01-01', 'new'",
        "'to-null', null, 'new'",
        "'both-null', null, 'new'",
        "'added', '2020-01-01', 'new'");
    assertThat(counts(lab.exported("v", "t", MergeMode.UPSERT)))
        .isEqualTo(MergeCounts.of(1, 4, 0, 3));
    assertThat(table())
        .containsExactly(
            "added|2020|new|0",
            "both-null|-|new|0",
            "equal|2020|old|0",
            "from-null|1970|new|0",
            "gone|2020|old|0",
            "newer|2021|new|0",
            "older|2020|old|0",
            "same|2020|-|0",
            "to-null|2020|old|0");
  }

  @Test
  void historyKeepsEveryVersion() {
    rows("'a', '2020-01-01', 'x'", "'b', '2020-01-01', 'x'");
    lab.exported("v", "t", MergeMode.HISTORY);
    rows("'a', '2020-01-01', 'other'", "'a', '2021-01-01', 'y'", "'a', '2019-01-01', 'w'");
    assertThat(counts(lab.exported("v", "t", MergeMode.HISTORY)))
        .isEqualTo(MergeCounts.of(2, 0, 0, 1));
    assertThat(table()).containsExactly("a|2019|w|0", "a|2020|x|0", "a|2021|y|0", "b|2020|x|0");
  }

  @Test
  void replaceMakesTheRowsOfEachKeyTheExportedOnes() {
    rows(
        "'more', null, '1'",
        "'fewer', null, '1'",
        "'fewer', null, '1'",
        "'fewer', null, '2'",
        "'equal', null, '1'",
        "'equal', null, '1'",
        "'changed', null, '1'",
        "'gone', null, '1'");
    lab.exported("v", "t", MergeMode.REPLACE);
    rows(
        "'more', null, '1'",
        "'more', null, '1'",
        "'fewer', null, '1'",
        "'equal', null, '1'",
        "'equal', null, '1'",
        "'changed', '2020-01-01', null",
        "'added', null, '1'",
        "'added', null, '2'");
    lab.exported("v", "t", MergeMode.REPLACE);
    assertThat(table())
        .containsExactly(
            "added|-|1|0",
            "added|-|2|0",
            "changed|2020|-|0",
            "equal|-|1|0",
            "equal|-|1|0",
            "fewer|-|1|0",
            "gone|-|1|0",
            "more|-|1|0",
            "more|-|1|0");
  }

  @ParameterizedTest
  @EnumSource(names = {"INSERT", "UPSERT", "REPLACE"})
  void columnsOfOneSideOnlyAreKept(MergeMode mode) throws IOException {
    String table = SparkOracle.table(lab.table("t"));
    SparkOracle.shared()
        .execute(
            "CREATE TABLE "
                + table
                + " (own STRING, V STRING, id STRING, ts TIMESTAMP) USING delta");
    SparkOracle.shared()
        .execute(
            "INSERT INTO "
                + table
                + " VALUES ('mine', 'x', 'a', TIMESTAMP '2020-01-01'),"
                + " ('mine', 'x', 'b', TIMESTAMP '2020-01-01')");
    SourceDatabase.execute(
        "create or replace view "
            + schema
            + ".v as select id, ts, v, v || '!' as extra, length(v) as long from "
            + schema
            + ".t");
    rows("'a', '2021-01-01', 'yy'", "'c', '2021-01-01', 'zz'");
    lab.exported("v", "t", mode);
    String a =
        switch (mode) {
          case INSERT -> "a|mine|x|-|-|-";
          case UPSERT, HISTORY -> "a|mine|yy|yy!|2|0";
          // Its rows are new ones.
          case REPLACE -> "a|-|yy|yy!|2|0";
        };
    assertThat(table("id", "own", "V", "extra", "long", "is_deleted"))
        .containsExactly(a, "b|mine|x|-|-|-", "c|-|zz|zz!|2|0");
    assertThat(SparkOracle.shared().schema(lab.table("t")))
        .containsExactly(
            "own STRING",
            "V STRING",
            "id STRING",
            "ts TIMESTAMP",
            "extra STRING",
            "long INT",
            "is_deleted INT");
    DeltaLog before = DeltaLog.read(lab.table("t"));
    lab.exported("v", "t", mode);
    assertThat(DeltaLog.read(lab.table("t"))).isEqualTo(before);
  }
}
