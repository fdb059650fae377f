// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The columns of a view, in the order in which {@link RowCursor} numbers them (from 0).
 *
 * @param columns at least one; no two of exactly the same name (two may differ in case alone)
 */
public record ViewSchema(List<ViewColumn> columns) {

  /**
   * Copies the columns and checks their names.
   *
   * @param columns at least one
   */
  public ViewSchema {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a view needs at least one column");
    }
    Set<String> names = new HashSet<>();
    for (ViewColumn column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("two columns are named \"" + column.name() + "\"");
      }
    }
  }

  /** {@return the number of columns} */
  public int size() {
    return columns.size();
  }

  /**
   * {@return the column of exactly this name, case included}
   *
   * @param name as the source has it
   */
  public Optional<ViewColumn> find(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /**
   * {@return the number of the column of exactly this name, case included}
   *
   * @param name as the source has it
   */
  public OptionalInt indexOf(String name) {
    for (int index = 0; index < columns.size(); index++) {
      if (columns.get(index).name().equals(name)) {
        return OptionalInt.of(index);
      }
    }
    return OptionalInt.empty();
  }
}
