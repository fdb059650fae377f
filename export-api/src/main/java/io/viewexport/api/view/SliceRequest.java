// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What to read: one slice of one view.
 *
 * @param view the relation
 * @param schema its columns as they were described at planning: the rows must have exactly these
 * @param slice which part
 * @param key the columns that {@link ViewSlice.KeyHash} hashes; not used by the other slices
 * @param timestampColumn the column that {@code filters.since} is compared with
 * @param patientColumn the column that is compared with {@code filters.patients}
 * @param filters which rows of the slice, resolved
 * @param snapshot the exported snapshot to read under; empty: one of the reader's own
 */
public record SliceRequest(
    ViewName view,
    ViewSchema schema,
    ViewSlice slice,
    List<String> key,
    Optional<String> timestampColumn,
    Optional<String> patientColumn,
    ViewFilters filters,
    Optional<String> snapshot) {

  /**
   * Copies the key and checks that the slice and the filters have the columns they need.
   *
   * @param view the relation
   * @param schema its columns as they were described at planning
   * @param slice which part
   * @param key the columns that {@link ViewSlice.KeyHash} hashes
   * @param timestampColumn the column that {@code filters.since} is compared with
   * @param patientColumn the column that is compared with {@code filters.patients}
   * @param filters which rows of the slice, resolved
   * @param snapshot the exported snapshot to read under
   */
  public SliceRequest {
    Objects.requireNonNull(view, "view");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(slice, "slice");
    Objects.requireNonNull(timestampColumn, "timestampColumn");
    Objects.requireNonNull(patientColumn, "patientColumn");
    Objects.requireNonNull(filters, "filters");
    Objects.requireNonNull(snapshot, "snapshot");
    key = List.copyOf(key);
    if (slice instanceof ViewSlice.KeyHash && key.isEmpty()) {
      throw new IllegalArgumentException("a slice by key hash needs a key");
    }
    if (filters.since().isPresent() && timestampColumn.isEmpty()) {
      throw new IllegalArgumentException("since needs a timestamp column");
    }
    if (filters.limitsPatients() && patientColumn.isEmpty()) {
      throw new IllegalArgumentException("a filter by patient needs a patient column");
    }
  }
}
