// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.oracle.SparkOracle;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A view whose rows change from export to export, and what a table that follows it must hold.
 *
 * <p>Three rounds go into one table: onto nothing, then twice onto what is there.
 */
final class KillSeries {
  private static final int ROUNDS_PER_TABLE = 3;
  private static final int FIRST_ROWS = 120_000;
  private static final int MORE_ROWS = 10_000;

  /** Rows as text, written alike by both databases, as a number that can be added up. */
  private static final String SOURCE_DIGEST =
      """
      select count(*) || ' rows, ' || count(distinct id) || ' keys, ' || coalesce(sum(
        ('x' || substr(md5(concat_ws('|', coalesce(id, '~'), coalesce(n::text, '~'),
          coalesce(amount::text, '~'), coalesce(flag::text, '~'), coalesce(day::text, '~'),
          coalesce((extract(epoch from ts) * 1000000)::bigint::text, '~'), coalesce(note, '~'))),
          1, 15))::bit(60)::bigint::numeric), 0)
      from\s""";

  private static final String TARGET_DIGEST =
      """
      SELECT count(*) || ' rows, ' || count(DISTINCT id) || ' keys, ' || coalesce(sum(
        cast(conv(substr(md5(cast(concat_ws('|', coalesce(id, '~'), coalesce(cast(n AS STRING), '~'),
          coalesce(cast(amount AS STRING), '~'), coalesce(cast(flag AS STRING), '~'),
          coalesce(cast(day AS STRING), '~'), coalesce(cast(unix_micros(ts) AS STRING), '~'),
          coalesce(note, '~')) AS BINARY)), 1, 15), 16, 10) AS DECIMAL(38, 0))), 0)
      FROM\s""";

  private final String url;
  private final MergeMode mode;
  private final Path folder;
  private int round;
  private long nextRow;

  /**
   * A series.
   *
   * @param url the database it lives in
   * @param mode its merge mode; its name is the series' name
   * @param folder where its tables go
   */
  KillSeries(String url, MergeMode mode, Path folder) {
    this.url = url;
    this.mode = mode;
    this.folder = folder;
  }

  String name() {
    return mode.code();
  }

  /** Makes the view, empty. */
  void create() throws SQLException {
    String columns =
        "id text, n bigint, amount numeric(12,2), flag boolean, day date, ts timestamptz, note text";
    execute("create table " + name() + "_rows (row_no bigint primary key, " + columns + ")");
    execute("create table " + name() + "_expected (" + columns + ", unique (id, ts))");
    execute(
        "create view "
            + name()
            + "_view as select id, n, amount, flag, day, ts, note from "
            + name()
            + "_rows");
  }

  /** Changes the rows for the next export. */
  void change() throws SQLException {
    boolean newTable = round % ROUNDS_PER_TABLE == 0;
    if (newTable && mode == MergeMode.HISTORY) {
      execute("truncate history_expected");
    }
    if (nextRow > 0 && mode != MergeMode.INSERT) {
      execute(
          "update "
              + name()
              + "_rows set n = n + 1, ts = ts + interval '1 day', note = 'again ' || note"
              + " where row_no % 7 = "
              + round % 7);
    }
    if (nextRow > 0 && mode == MergeMode.REPLACE) {
      // Of three rows of a key one goes: its key stays.
      execute("delete from replace_rows where row_no % 3 = 0 and (row_no / 3) % 5 = " + round % 5);
    }
    insert(nextRow == 0 ? FIRST_ROWS : MORE_ROWS);
    if (mode == MergeMode.HISTORY) {
      execute("insert into history_expected select * from history_view on conflict do nothing");
    }
    round++;
  }

  private void insert(int count) throws SQLException {
    String key = mode == MergeMode.REPLACE ? "'k' || g / 3" : "'k' || g";
    execute(
        "insert into "
            + name()
            + "_rows select g, "
            + key
            + ", g * 1000003, case when g % 11 > 0 then (g % 9973) / 100.0 end, g % 3 = 0,"
            + " date '2001-01-01' + (g % 9000)::int,"
            + " timestamptz '2020-02-29 12:00:00.000001+00' + g * interval '1 millisecond',"
            + " case when g % 5 > 0 then repeat('é ', (g % 17)::int) || md5(g::text) end"
            + " from generate_series("
            + nextRow
            + "::bigint, "
            + (nextRow + count - 1)
            + ") g");
    nextRow += count;
  }

  /** The command's arguments for this round. */
  List<String> arguments() {
    return List.of(
        "--jdbc",
        url,
        "--view",
        "public." + name() + "_view",
        "--out",
        target().toString(),
        "--store",
        "postgres",
        "--chunks",
        "3",
        "--timestamp",
        "ts",
        "--merge-mode",
        name());
  }

  /** This round's table. */
  Path target() {
    return folder.resolve(name() + "-" + (round - 1) / ROUNDS_PER_TABLE);
  }

  /** How many rows an export of this round reads. */
  String viewRows() throws SQLException {
    return single("select count(*) from " + name() + "_view");
  }

  /** What the table must hold after this round. */
  String expected() throws SQLException {
    return single(
        SOURCE_DIGEST + name() + (mode == MergeMode.HISTORY ? "_expected" : "_view") + " v");
  }

  /** What the table holds, as Spark reads it. */
  String found() {
    return String.valueOf(
        SparkOracle.shared()
            .query(TARGET_DIGEST + SparkOracle.table(target()) + " WHERE is_deleted = 0")
            .get(0)
            .get(0));
  }

  private String single(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
