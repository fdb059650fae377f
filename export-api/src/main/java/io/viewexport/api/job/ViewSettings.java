// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.view.ViewFilters;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one view is exported, defaults filled in (see {@link ViewOptions#resolve}).
 *
 * @param chunkCount the number of chunks asked for; empty: the planner chooses
 * @param mergeKey the columns that name a row; at least one
 * @param mergeMode what happens to rows whose key the target has
 * @param timestampColumn the column that tells newer from older
 * @param patientColumn the column that holds the patient's key
 * @param filters which rows; groups are resolved, see {@link ViewFilters#resolve}
 */
public record ViewSettings(
    OptionalInt chunkCount,
    List<String> mergeKey,
    MergeMode mergeMode,
    Optional<String> timestampColumn,
    Optional<String> patientColumn,
    ViewFilters filters) {

  /**
   * Copies the key and checks that there is one.
   *
   * @param chunkCount the number of chunks asked for
   * @param mergeKey the columns that name a row
   * @param mergeMode what happens to rows whose key the target has
   * @param timestampColumn the column that tells newer from older
   * @param patientColumn the column that holds the patient's key
   * @param filters which rows
   */
  public ViewSettings {
    Objects.requireNonNull(chunkCount, "chunkCount");
    Objects.requireNonNull(mergeMode, "mergeMode");
    Objects.requireNonNull(timestampColumn, "timestampColumn");
    Objects.requireNonNull(patientColumn, "patientColumn");
    Objects.requireNonNull(filters, "filters");
    mergeKey = List.copyOf(mergeKey);
    if (mergeKey.isEmpty()) {
      throw new IllegalArgumentException("a view needs a merge key");
    }
  }
}
