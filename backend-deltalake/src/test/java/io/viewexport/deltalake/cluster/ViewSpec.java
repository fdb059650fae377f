// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.job.MergeMode;

/**
 * A view whose rows change from round to round, and how it is exported.
 *
 * @param name of the view and its table
 * @param mode the merge mode
 * @param rows in the first round; a quarter of them come on top in each later one
 * @param chunks into how many it is cut
 */
record ViewSpec(String name, MergeMode mode, int rows, int chunks) {
  static ViewSpec parse(String text) {
    String[] parts = text.split(":", -1);
    return new ViewSpec(
        parts[0],
        MergeMode.valueOf(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]));
  }

  @Override
  public String toString() {
    return name + ":" + mode + ":" + rows + ":" + chunks;
  }

  /** The view of a round. Reading it takes a while that the server sleeps through. */
  String viewSql(int round) {
    return sql(round, "case when g % 100 = 7 then nullif(pg_sleep(0.01)::text, '') end");
  }

  /**
   * What the table must hold after these many rounds, every value as text.
   *
   * @param rounds at least 1
   */
  String expectedSql(int rounds) {
    StringBuilder all = new StringBuilder(sql(rounds - 1, "null"));
    if (mode == MergeMode.HISTORY) {
      for (int round = 0; round < rounds - 1; round++) {
        all.append(" union ").append(sql(round, "null"));
      }
    }
    return "select id, n::text, amount::text, flag::text, (day - date 'epoch')::text,"
        + " (extract(epoch from ts) * 1000000)::bigint::text, note from ("
        + all
        + ") v";
  }

  /** How many rows an export of a round reads. */
  String countSql(int round) {
    return "select count(*) from (" + sql(round, "null") + ") v";
  }

  private String sql(int round, String before) {
    boolean changes = mode == MergeMode.UPSERT || mode == MergeMode.HISTORY;
    String changed = changes ? "(g % 3 = 1)::int * " + round : "0";
    int last = rows + round * rows / 4 - 1;
    return "select 'k' || "
        + (mode == MergeMode.REPLACE ? "g / 3" : "g")
        + " as id, g * 1000003::bigint + "
        + changed
        + " as n, (case when g % 11 > 0 then (g % 9973) / 100.0 end)::numeric(12,2) as amount,"
        + " g % 5 = 0 as flag, date '2001-01-01' + g % 9000 as day,"
        + " timestamptz '2020-02-29 12:00:00.000001+00' + "
        + changed
        + " * interval '1 day' as ts, coalesce("
        + before
        + ", case when g % 4 > 0 then md5(g::text) end) as note from generate_series(0, "
        + last
        + ") g"
        + (mode == MergeMode.REPLACE && round > 0
            ? " where not (g % 3 = 0 and (g / 3) % 5 = " + round % 5 + ")"
            : "");
  }
}
