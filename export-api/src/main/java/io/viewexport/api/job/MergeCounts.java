// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a merge changed, in rows; each count is empty where it can't be known, as after a replay.
 *
 * @param inserted rows that were new
 * @param updated rows of the target that were changed
 * @param deleted rows of the target that were removed, by replacing
 * @param unchanged exported rows that changed nothing
 */
public record MergeCounts(
    OptionalLong inserted, OptionalLong updated, OptionalLong deleted, OptionalLong unchanged) {

  /** Nothing is known. */
  public static final MergeCounts UNKNOWN =
      new MergeCounts(
          OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  /**
   * Checks that none is null.
   *
   * @param inserted rows that were new
   * @param updated rows of the target that were changed
   * @param deleted rows of the target that were removed, by replacing
   * @param unchanged exported rows that changed nothing
   */
  public MergeCounts {
    Objects.requireNonNull(inserted, "inserted");
    Objects.requireNonNull(updated, "updated");
    Objects.requireNonNull(deleted, "deleted");
    Objects.requireNonNull(unchanged, "unchanged");
  }

  /**
   * Counts that are all known.
   *
   * @param inserted rows that were new
   * @param updated rows of the target that were changed
   * @param deleted rows of the target that were removed
   * @param unchanged exported rows that changed nothing
   * @return the counts
   */
  public static MergeCounts of(long inserted, long updated, long deleted, long unchanged) {
    return new MergeCounts(
        OptionalLong.of(inserted),
        OptionalLong.of(updated),
        OptionalLong.of(deleted),
        OptionalLong.of(unchanged));
  }
}
