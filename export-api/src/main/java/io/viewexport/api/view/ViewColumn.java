// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.Objects;

/**
 * A column of a view.
 *
 * @param name as the source spells it: any text, case kept
 * @param type the type of its values; each may be NULL
 * @param sourceType the source's own name of the type, such as {@code timestamp with time zone}:
 *     for messages
 */
public record ViewColumn(String name, ColumnType type, String sourceType) {

  /**
   * Checks that there is a name.
   *
   * @param name as the source spells it
   * @param type the type of its values
   * @param sourceType the source's own name of the type, such as {@code timestamp with time zone}
   */
  public ViewColumn {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(sourceType, "sourceType");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a column needs a name");
    }
  }
}
