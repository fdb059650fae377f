// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import static io.viewexport.deltalake.testing.TestRows.row;
import static io.viewexport.deltalake.testing.TestRows.schema;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.parquet.PageCompression;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.TestContext;
import io.viewexport.deltalake.testing.TestRows;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages at their edges, as Spark reads them; what it must find is computed by Spark, too. */
class StagedPagesInSparkTest {
  private static final int ROWS = 70_000;

  /** The most rows of a page: where most edges are. */
  private static final int PAGE = 20 * 1024;

  private static final long MIB = 1024 * 1024;
  private static final String CHECKSUMS = "`parquet.page.verify-checksum.enabled`";
  private static final String VECTORIZED = "spark.sql.parquet.enableVectorizedReader";
  private static final ViewSchema SCHEMA =
      schema(
          "id", ColumnType.BIGINT,
          "border", ColumnType.INT,
          "page", ColumnType.STRING,
          "nothing", ColumnType.DOUBLE,
          "flag", ColumnType.BOOLEAN,
          "few", ColumnType.STRING,
          "ever", ColumnType.STRING,
          "huge", ColumnType.STRING,
          "amount", ColumnType.decimal(10, 2),
          "wide", ColumnType.decimal(38, 4),
          "day", ColumnType.DATE,
          "at", ColumnType.TIMESTAMP);
  private static final String EXPECTED =
      """
      (SELECT id,
        CASE WHEN (id + 1) % PAGE > 1 THEN cast(id AS int) END AS border,
        CASE WHEN id < PAGE OR id >= 2 * PAGE THEN concat('p', id % 3) END AS page,
        cast(NULL AS double) AS nothing,
        CASE WHEN id % 7 > 0 THEN id % 3 = 0 END AS flag,
        CASE WHEN id % 1000 < 500 THEN 'é𝒳' ELSE '' END AS few,
        CASE WHEN id < 30001 THEN concat('v', id % 100) ELSE concat('v', id) END AS ever,
        CASE WHEN id % 9973 = 5 THEN concat(repeat('ж', 300000), id) ELSE '-' END AS huge,
        cast(id * 7 + 0.25 AS decimal(10, 2)) AS amount,
        cast(concat(id, '000000000000000000.0001') AS decimal(38, 4)) AS wide,
        date_from_unix_date(cast(id AS int) - 35000) AS day,
        timestamp_micros(id * 1000003 - 1) AS at
      FROM range(ROWS))
      """
          .replace("PAGE", Integer.toString(PAGE))
          .replace("ROWS", Integer.toString(ROWS));

  private static final List<String> FILTERS =
      List.of(
          "id = 20480",
          "id IN (20479, 40960, 69999)",
          "border IS NULL",
          "border = 20481",
          "page IS NULL AND id >= 20480",
          "page = 'p1' AND id < 20483",
          "nothing IS NULL AND id > 69990",
          "ever = 'v65000'",
          "ever = 'v7' AND id > 29000",
          "huge > 'ж' AND id < 9979",
          "few = '' AND id > 60000",
          "amount = 489993.25",
          "wide > 69998500000000000000000.5BD",
          "day < DATE'1874-03-06'",
          "at >= TIMESTAMP'1970-01-01 19:26:39Z'");

  @TempDir Path directory;

  private static @Nullable Object[] rowOf(long id) {
    return row(
        id,
        (id + 1) % PAGE > 1 ? (int) id : null,
        id < PAGE || id >= 2 * PAGE ? "p" + id % 3 : null,
        null,
        id % 7 > 0 ? id % 3 == 0 : null,
        id % 1000 < 500 ? "é𝒳" : "",
        id < 30_001 ? "v" + id % 100 : "v" + id,
        id % 9973 == 5 ? "ж".repeat(300_000) + id : "-",
        BigDecimal.valueOf(id * 700 + 25, 2),
        new BigDecimal(id + "000000000000000000.0001"),
        (int) id - 35_000,
        id * 1_000_003 - 1);
  }

  private Path stage(PageCompression compression, long rowGroupBytes, int rows) throws IOException {
    Path root = directory.toRealPath();
    ExportView view = TestContext.view(0, SCHEMA, ViewOptions.UNSET, Map.of());
    ChunkStaging.stage(
        LocalStorage.create(List.of(root), Map.of()),
        root + "/s",
        new StagingSettings(compression, rowGroupBytes, 128 * MIB),
        new TestContext(view, new JobId("job"), 1, () -> false),
        TestRows.of(SCHEMA, rows, StagedPagesInSparkTest::rowOf));
    return root.resolve("s/job/v0/c0/a1");
  }

  private static void set(String name, boolean value) {
    SparkOracle.shared().execute("SET " + name + "=" + value);
  }

  @AfterEach
  void resetReader() {
    SparkOracle.shared().execute("RESET " + CHECKSUMS);
    SparkOracle.shared().execute("RESET " + VECTORIZED);
  }

  @ParameterizedTest
  @CsvSource({"ZSTD, 16, true", "ZSTD, 1, false", "SNAPPY, 1, true"})
  void everyValueIsThereWithChecksumsVerified(
      PageCompression compression, long rowGroupMib, boolean vectorized) throws IOException {
    Path table = stage(compression, rowGroupMib * MIB, ROWS);
    SparkOracle spark = SparkOracle.shared();
    set(CHECKSUMS, true);
    set(VECTORIZED, vectorized);
    List<String> columns = SCHEMA.columns().stream().map(ViewColumn::name).toList();
    assertThat(spark.digest(table, columns)).isEqualTo(spark.digestOf(EXPECTED, columns));
  }

  @Test
  void filtersThatSkipPagesByTheirStatisticsFindWhatIsThere() throws IOException {
    Path table = stage(PageCompression.ZSTD, 2 * MIB, ROWS);
    assertThat(counts(SparkOracle.table(table))).isEqualTo(counts(EXPECTED)).doesNotContain("0");
  }

  private static List<@Nullable String> counts(String relation) {
    List<@Nullable String> counts = new ArrayList<>();
    for (String filter : FILTERS) {
      String sql = "SELECT count(*) FROM " + relation + " WHERE " + filter;
      counts.add(SparkOracle.shared().query(sql).get(0).get(0));
    }
    return counts;
  }

  @Test
  void noRowsAreATableWithAllItsColumns() throws IOException {
    Path table = stage(PageCompression.ZSTD, MIB, 0);
    assertThat(SparkOracle.shared().count(table)).isZero();
    assertThat(SparkOracle.shared().schema(table)).contains("id BIGINT", "wide DECIMAL(38,4)");
  }
}
