// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.oracle.SparkOracle;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the SQL that is meant for a warehouse on Spark, over tables that a {@link MergeLab} made.
 */
final class SqlLab {
  /** Far in the future. */
  static final long ALWAYS = 99_000_000_000_000L;

  private static final SparkOracle SPARK = SparkOracle.shared();

  private final String schema = "lab" + UUID.randomUUID().toString().substring(0, 8);
  private int tables;

  SqlLab() {
    SPARK.execute("CREATE SCHEMA spark_catalog." + schema);
  }

  /** Gives a Delta table on disk a name. */
  TableName register(String path) {
    TableName name = new TableName("spark_catalog", schema, "t" + tables++);
    SPARK.execute("CREATE TABLE " + name.sql() + " USING DELTA LOCATION '" + Path.of(path) + "'");
    return name;
  }

  /** Makes a table of these columns, with these rows. */
  TableName create(String columns, String rows) {
    TableName name = new TableName("spark_catalog", schema, "t" + tables++);
    SPARK.execute(
        "CREATE TABLE "
            + name.sql()
            + " ("
            + columns
            + ") USING DELTA TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
    SPARK.execute("INSERT INTO " + name.sql() + " VALUES " + rows);
    return name;
  }

  /** Makes a table with the columns and rows of the one on disk. */
  TableName copy(String path) {
    TableName name = new TableName("spark_catalog", schema, "t" + tables++);
    SPARK.execute(
        "CREATE TABLE " + name.sql() + " USING DELTA AS SELECT * FROM delta.`" + path + "`");
    return name;
  }

  WarehouseTarget describe(TableName name) {
    List<WarehouseTarget.Column> columns = new ArrayList<>();
    for (List<@Nullable String> row : SPARK.query("DESCRIBE TABLE " + name.sql())) {
      columns.add(
          new WarehouseTarget.Column(String.valueOf(row.get(0)), String.valueOf(row.get(1)), true));
    }
    return new WarehouseTarget(name, columns);
  }

  void addColumns(MergeSpec spec, TableName target) {
    WarehouseMatch match = WarehouseMatch.of(spec.schema(), describe(target));
    SPARK.execute(TargetDdl.addColumns(target, match.missing()).text());
  }

  /** Runs the merge; returns updated, deleted, inserted. */
  List<Long> merge(MergeSpec spec, TableName target, List<TableName> staged) {
    WarehouseMatch match = WarehouseMatch.of(spec.schema(), describe(target));
    assertThat(match.missing()).isEmpty();
    assertThat(match.problems()).isEmpty();
    SqlStatement merge = MergeStatement.render(spec, match, staged, ALWAYS);
    return SPARK.query(inline(merge)).get(0).stream()
        .skip(1)
        .map(count -> Long.valueOf(String.valueOf(count)))
        .toList();
  }

  /** Asks the checks, which must find nothing. */
  void check(MergeSpec spec, TableName target, List<TableName> staged, long receiptRows) {
    CheckStatement.judge(
        spec, checkRow(spec, target, staged, CheckStatement.Sampling.NONE), receiptRows);
  }

  /** The row of the checks, by column. */
  Map<String, @Nullable String> checkRow(
      MergeSpec spec, TableName target, List<TableName> staged, CheckStatement.Sampling sampling) {
    WarehouseMatch match = WarehouseMatch.of(spec.schema(), describe(target));
    String text = CheckStatement.render(spec, match, staged, sampling).text();
    List<@Nullable String> cells =
        SPARK
            .query(
                "SELECT to_json(struct(*), map('ignoreNullFields', 'false')) FROM (" + text + ")")
            .get(0);
    try {
      Map<String, @Nullable String> row = new HashMap<>();
      new ObjectMapper()
          .readTree(cells.get(0))
          .properties()
          .forEach(field -> row.put(field.getKey(), field.getValue().asText()));
      return row;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A statement with its values in place. */
  static String inline(SqlStatement statement) {
    String text = statement.text();
    for (SqlStatement.Parameter parameter : statement.parameters()) {
      text =
          text.replace(
              ":" + parameter.name(),
              "CAST('" + parameter.value() + "' AS " + parameter.type() + ")");
    }
    return text;
  }

  /** All rows, sorted, as text. */
  List<String> rows(String table) {
    return SPARK.query("SELECT * FROM " + table).stream()
        .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining("|")))
        .sorted()
        .toList();
  }

  long version(TableName table) {
    return SPARK.query("DESCRIBE HISTORY " + table.sql()).stream()
        .mapToLong(row -> Long.parseLong(String.valueOf(row.get(0))))
        .max()
        .orElseThrow();
  }

  void execute(String sql) {
    SPARK.execute(sql);
  }
}
