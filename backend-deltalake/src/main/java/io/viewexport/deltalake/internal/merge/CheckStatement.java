// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.internal.schema.SqlNames;
import io.viewexport.deltalake.internal.schema.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Renders the query that is asked before a merge, and judges its one row: NULL and repeated keys,
 * and whether as many rows are staged as the receipts say. Reads only; any number of times.
 */
public final class CheckStatement {

  /** How many keys a sample has at the most. */
  private static final int SAMPLE = 5;

  private static final String TIME = "server_time";
  private static final String ROWS = "staged_rows";
  private static final String REPEATED = "repeated_keys";
  private static final String NOT_UNIQUE = "target_repeated_keys";
  private static final String KEYS = "sample_keys";

  private final MergeSpec spec;
  private final WarehouseMatch match;
  private final StagedSource source;
  private final Sampling sampling;

  /** Whether failures may name keys. */
  public enum Sampling {
    /** Keys are row values: they stay where they are. */
    NONE,
    /** A few keys help more than they harm. */
    FEW_KEYS
  }

  private CheckStatement(
      MergeSpec spec, WarehouseMatch match, List<TableName> staged, Sampling sampling) {
    this.spec = spec;
    this.match = match;
    this.source = new StagedSource(match, staged);
    this.sampling = sampling;
  }

  /** The query. */
  public static SqlStatement render(
      MergeSpec spec, WarehouseMatch match, List<TableName> staged, Sampling sampling) {
    return SqlStatement.of(new CheckStatement(spec, match, staged, sampling).text());
  }

  private String text() {
    List<String> keys = spec.key().stream().map(source::alias).toList();
    List<String> columns = new ArrayList<>();
    columns.add("unix_millis(current_timestamp()) AS " + TIME);
    columns.add("coalesce(sum(n), 0) AS " + ROWS);
    for (int key = 0; key < keys.size(); key++) {
      columns.add(
          "coalesce(sum(CASE WHEN %s IS NULL THEN n END), 0) AS %s"
              .formatted(keys.get(key), nulls(key)));
    }
    if (countsKeys()) {
      String known =
          keys.stream().map(key -> key + " IS NOT NULL").collect(Collectors.joining(" AND "));
      columns.add("coalesce(sum(CASE WHEN %s THEN n - 1 END), 0) AS ".formatted(known) + REPEATED);
      if (sampling == Sampling.FEW_KEYS) {
        columns.add(sample(keys, known));
      }
    }
    if (looksAtTarget()) {
      columns.add(notUnique());
    }
    return "WITH staged AS (\n"
        + source.sql(pair -> spec.key().contains(pair.staged()))
        + "\n), key_counts AS (\n"
        + keys(keys)
        + "\n)\nSELECT "
        + String.join(",\n", columns)
        + "\nFROM key_counts";
  }

  private boolean countsKeys() {
    return spec.mode() != MergeMode.REPLACE;
  }

  /** A key column that the target lacks yet makes no row of it match. */
  private boolean looksAtTarget() {
    return spec.mode() == MergeMode.UPSERT
        && match.missing().stream().noneMatch(column -> spec.key().contains(column.name()));
  }

  private String keys(List<String> keys) {
    String columns = String.join(", ", keys);
    return countsKeys()
        ? "SELECT " + columns + ", count(*) AS n FROM staged GROUP BY " + columns
        : "SELECT " + columns + ", 1 AS n FROM staged";
  }

  private static String nulls(int key) {
    return "null_keys_" + key;
  }

  private static String sample(List<String> keys, String known) {
    String struct =
        IntStream.range(0, keys.size())
            .mapToObj(key -> "'k" + key + "', CAST(" + keys.get(key) + " AS STRING)")
            .collect(Collectors.joining(", "));
    return """
    (SELECT to_json(collect_list(k)) FROM (SELECT named_struct(%s) AS k FROM key_counts \
    WHERE n > 1 AND %s LIMIT %d)) AS %s\
    """
        .formatted(struct, known, SAMPLE, KEYS);
  }

  private String notUnique() {
    String names =
        spec.key().stream()
            .map(key -> "t." + SqlNames.quote(match.pair(key).name()))
            .collect(Collectors.joining(", "));
    String on =
        spec.key().stream()
            .map(key -> "t." + SqlNames.quote(match.pair(key).name()) + " = s." + source.alias(key))
            .collect(Collectors.joining(" AND "));
    return """
    (SELECT coalesce(sum(m - 1), 0) FROM (SELECT count(*) AS m FROM %s AS t \
    LEFT SEMI JOIN staged AS s ON %s GROUP BY %s)) AS %s\
    """
        .formatted(match.target().name().sql(), on, names, NOT_UNIQUE);
  }

  /**
   * Judges the answer and returns when it was given, in milliseconds by the warehouse's clock.
   *
   * @param row the row of the answer, by column
   * @param receiptRows the sum of the receipts
   * @throws ExportException {@code PERMANENT} where the rows can't be merged
   */
  public static long judge(MergeSpec spec, Map<String, @Nullable String> row, long receiptRows) {
    long staged = number(row, ROWS);
    if (staged != receiptRows) {
      throw ExportException.permanent(
          "staged-rows-differ",
          "The receipts count "
              + receiptRows
              + " rows, the staging tables hold "
              + staged
              + ". The target was not changed; nothing else may write to the staging tables."
              + " Export again.",
          null);
    }
    Map<String, Long> nulls = new TreeMap<>();
    for (int key = 0; key < spec.key().size(); key++) {
      long count = number(row, nulls(key));
      if (count > 0) {
        nulls.put(spec.key().get(key), count);
      }
    }
    MergeChecks.check(
        spec,
        new MergeChecks.Findings(
            nulls, number(row, REPEATED), number(row, NOT_UNIQUE), row.get(KEYS)));
    return number(row, TIME);
  }

  private static long number(Map<String, @Nullable String> row, String column) {
    return Long.parseLong(Objects.requireNonNullElse(row.get(column), "0"));
  }
}
