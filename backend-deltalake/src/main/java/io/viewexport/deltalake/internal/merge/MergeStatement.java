// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.deltalake.internal.schema.SqlNames;
import io.viewexport.deltalake.internal.schema.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Renders the one statement that brings all staged rows of a view to its target. It does what
 * {@link InProcessMerge} does, and says by its result how many rows it changed.
 *
 * <p>It carries the time, by the warehouse's clock, after which it fails instead of beginning: a
 * statement that was submitted too late can't take effect.
 */
public final class MergeStatement {

  /** The most staging tables that one statement reads. */
  public static final int MAX_TABLES = 1000;

  /** Less than the 16 MiB that a statement may have. */
  static final int MAX_BYTES = 15 * 1024 * 1024;

  private static final String UNTIL = "until";
  private static final int LONGEST_NAME = 255;

  private final MergeSpec spec;
  private final WarehouseMatch match;
  private final StagedSource source;

  private MergeStatement(MergeSpec spec, WarehouseMatch match, List<TableName> staged) {
    this.spec = spec;
    this.match = match;
    this.source = new StagedSource(match, staged);
  }

  /**
   * The statement.
   *
   * @param match how the columns go together; without problems, and nothing missing any more
   * @param staged the staging tables; at least one, at most {@link #maxChunks}
   * @param until the last moment to begin, in milliseconds since 1970 by the warehouse's clock
   */
  public static SqlStatement render(
      MergeSpec spec, WarehouseMatch match, List<TableName> staged, long until) {
    String text = new MergeStatement(spec, match, staged).text();
    return new SqlStatement(
        text, List.of(new SqlStatement.Parameter(UNTIL, "BIGINT", Long.toString(until))));
  }

  /**
   * The most chunks of a view that one statement can merge: at the most {@value #MAX_TABLES}, fewer
   * for views with very many columns.
   */
  public static int maxChunks(MergeSpec spec) {
    long columns = 0;
    for (var column : spec.schema().columns()) {
      int name = SqlNames.quote(column.name()).getBytes(StandardCharsets.UTF_8).length;
      columns += name + "CAST( AS DECIMAL(38,38)) AS c12345, ".length();
    }
    // Mode replace names each column about ten times more, outside of the branches.
    long fixed = 20 * columns + 64 * 1024;
    long branch = columns + 3 * (2 * LONGEST_NAME + 2) + 64;
    return (int) Math.max(0, Math.min(MAX_TABLES, (MAX_BYTES - fixed) / branch));
  }

  private String text() {
    return switch (spec.mode()) {
      case INSERT, HISTORY -> merge(stagedInTime(), on(), insert(""));
      case UPSERT -> merge(changing(), on(), update() + insert(""));
      case REPLACE ->
          merge(
              differences(),
              "s.is_removed AND " + on() + " AND " + pairs(" <=> ", " AND "),
              "WHEN MATCHED THEN DELETE\n" + insert(" AND NOT s.is_removed"));
    };
  }

  private String merge(String rows, String condition, String clauses) {
    return "MERGE INTO "
        + match.target().name().sql()
        + " AS t\nUSING (\n"
        + rows
        + "\n) AS s\nON "
        + condition
        + "\n"
        + clauses;
  }

  /** The staged rows, for a statement that began in time. */
  private String stagedInTime() {
    return "SELECT * FROM (\n" + source.sql(pair -> true) + "\n) AS u\nWHERE " + inTime();
  }

  private static String inTime() {
    return "CASE WHEN unix_millis(current_timestamp()) < :"
        + UNTIL
        + " THEN true ELSE raise_error('viewexport: submitted too late') END";
  }

  private String on() {
    return spec.key().stream().map(this::keyEqual).collect(Collectors.joining(" AND "));
  }

  private String keyEqual(String key) {
    return target(key) + " = s." + source.alias(key);
  }

  private String target(String staged) {
    return "t." + SqlNames.quote(match.pair(staged).name());
  }

  private IntStream numbers() {
    return IntStream.range(0, match.columns().size());
  }

  private String aliases(String prefix) {
    return numbers()
        .mapToObj(column -> prefix + StagedSource.alias(column))
        .collect(Collectors.joining(", "));
  }

  /**
   * The staged rows without those that change nothing: the engine writes every file anew that holds
   * a row which one of the source matches, whether it changes or not.
   */
  private String changing() {
    return "SELECT s.* FROM (\n"
        + stagedInTime()
        + "\n) AS s LEFT ANTI JOIN "
        + match.target().name().sql()
        + " AS t ON "
        + on()
        + " AND NOT coalesce("
        + isChange()
        + ", false)";
  }

  /** Whether a staged row is newer, or of the same time and different; NULL is the oldest time. */
  private String isChange() {
    String timestamp = spec.timestamp().orElseThrow();
    String there = target(timestamp);
    String here = "s." + source.alias(timestamp);
    return "(%2$s > %1$s OR (%1$s IS NULL AND %2$s IS NOT NULL) OR (%1$s <=> %2$s AND NOT (%3$s)))"
        .formatted(there, here, pairs(" <=> ", " AND "));
  }

  private String pairs(String operator, String separator) {
    return numbers()
        .mapToObj(
            column ->
                target(match.columns().get(column).staged())
                    + operator
                    + "s."
                    + StagedSource.alias(column))
        .collect(Collectors.joining(separator));
  }

  private String update() {
    return "WHEN MATCHED AND " + isChange() + " THEN UPDATE SET " + pairs(" = ", ", ") + "\n";
  }

  private String insert(String condition) {
    List<String> names = new ArrayList<>();
    match.columns().forEach(pair -> names.add(SqlNames.quote(pair.name())));
    return "WHEN NOT MATCHED"
        + condition
        + " THEN INSERT ("
        + String.join(", ", names)
        + ") VALUES ("
        + aliases("s.")
        + ")";
  }

  /**
   * For mode replace: the staged rows that the target lacks, and one row for each content of which
   * it has more rows than are staged. It is all of these that go, and those of them that are staged
   * come anew: the target can't tell equal rows apart.
   *
   * <p>Rows are counted by window functions, not grouped: grouping would make 0.0 of -0.0.
   */
  private String differences() {
    String columns = aliases("");
    String names =
        match.columns().stream()
            .map(pair -> "t." + SqlNames.quote(pair.name()) + " AS " + source.alias(pair.staged()))
            .collect(Collectors.joining(", "));
    String first = source.alias(spec.key().get(0));
    return """
    WITH staged AS (
    %1$s
    ), all_rows AS (
    SELECT false AS is_held, * FROM staged
    UNION ALL SELECT true AS is_held, %2$s FROM %3$s AS t LEFT SEMI JOIN staged AS s ON %4$s
    ), counted AS (
    SELECT *, count_if(is_held) OVER (PARTITION BY %5$s) AS held,
    count_if(NOT is_held) OVER (PARTITION BY %5$s) AS wanted,
    row_number() OVER (PARTITION BY %5$s, is_held ORDER BY %6$s) AS nth
    FROM all_rows
    )
    SELECT is_held AS is_removed, %5$s FROM counted
    WHERE CASE WHEN held > wanted THEN NOT is_held OR nth = 1 \
    ELSE NOT is_held AND nth > held END\
    """
        .formatted(stagedInTime(), names, match.target().name().sql(), on(), columns, first);
  }
}
