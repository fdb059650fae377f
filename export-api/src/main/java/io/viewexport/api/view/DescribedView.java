// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a source knows of a view before a row is read.
 *
 * @param name the relation
 * @param schema its columns
 * @param estimatedRows a guess at the number of rows, before any filter; empty where there is none
 * @param estimatedBytes a guess at their size in bytes; empty where there is none
 * @param sliceKinds the ways in which the source can cut it; {@link SliceKind#WHOLE} is among them
 */
public record DescribedView(
    ViewName name,
    ViewSchema schema,
    OptionalLong estimatedRows,
    OptionalLong estimatedBytes,
    Set<SliceKind> sliceKinds) {

  /**
   * Copies the set and checks that the view can be read whole.
   *
   * @param name the relation
   * @param schema its columns
   * @param estimatedRows a guess at the number of rows, before any filter
   * @param estimatedBytes a guess at their size in bytes
   * @param sliceKinds the ways in which the source can cut it
   */
  public DescribedView {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(estimatedRows, "estimatedRows");
    Objects.requireNonNull(estimatedBytes, "estimatedBytes");
    sliceKinds = Set.copyOf(sliceKinds);
    if (!sliceKinds.contains(SliceKind.WHOLE)) {
      throw new IllegalArgumentException("every source can read a view whole");
    }
  }
}
