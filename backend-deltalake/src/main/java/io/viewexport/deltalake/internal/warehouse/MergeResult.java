// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.job.MergeCounts;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a merge says of itself: one row of counts. */
final class MergeResult {
  private MergeResult() {}

  /**
   * The counts. Every staged row was inserted, has updated a row, or changed nothing; where the
   * counts say otherwise, what changed nothing is not known.
   */
  static MergeCounts counts(List<Map<String, @Nullable String>> rows, long staged) {
    if (rows.size() != 1) {
      return MergeCounts.UNKNOWN;
    }
    Map<String, @Nullable String> row = rows.get(0);
    OptionalLong inserted = count(row, "num_inserted_rows");
    OptionalLong updated = count(row, "num_updated_rows");
    OptionalLong deleted = count(row, "num_deleted_rows");
    OptionalLong unchanged = OptionalLong.empty();
    if (inserted.isPresent() && updated.isPresent()) {
      long rest = staged - inserted.getAsLong() - updated.getAsLong();
      unchanged = rest < 0 ? OptionalLong.empty() : OptionalLong.of(rest);
    }
    return new MergeCounts(inserted, updated, deleted, unchanged);
  }

  private static OptionalLong count(Map<String, @Nullable String> row, String column) {
    String value = row.get(column);
    return value != null && value.matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(value))
        : OptionalLong.empty();
  }
}
