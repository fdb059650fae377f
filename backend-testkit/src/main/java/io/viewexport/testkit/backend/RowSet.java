// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.testkit.SampleRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows without an order, and how they differ from others. */
final class RowSet {
  private static final int SHOWN = 3;
  private static final int LONGEST = 300;

  private RowSet() {}

  /** Says how rows differ from the expected ones; empty where they don't. */
  static String difference(SampleRows expected, SampleRows found) {
    Map<List<@Nullable Object>, Integer> left = new LinkedHashMap<>();
    expected.rows().forEach(row -> left.merge(row, 1, Integer::sum));
    List<String> unexpected = new ArrayList<>();
    for (List<@Nullable Object> row : found.rows()) {
      if (left.merge(row, -1, Integer::sum) < 0) {
        unexpected.add(shown(row));
      }
    }
    List<String> missing = new ArrayList<>();
    left.forEach(
        (row, count) -> {
          for (int i = 0; i < count; i++) {
            missing.add(shown(row));
          }
        });
    if (missing.isEmpty() && unexpected.isEmpty()) {
      return "";
    }
    return "%d rows expected, %d found; missing %s; not expected %s"
        .formatted(expected.size(), found.size(), some(missing), some(unexpected));
  }

  private static String shown(List<@Nullable Object> row) {
    String text = row.toString();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }

  private static String some(List<String> rows) {
    List<String> some = rows.subList(0, Math.min(SHOWN, rows.size()));
    return rows.size() + (rows.isEmpty() ? "" : ", such as " + String.join(" ", some));
  }
}
