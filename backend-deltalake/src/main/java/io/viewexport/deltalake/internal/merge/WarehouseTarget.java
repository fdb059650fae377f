// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.deltalake.internal.schema.TableName;
import java.util.List;
import java.util.Objects;

/**
 * The table that a warehouse merges into, as its catalog describes it.
 *
 * @param name its name
 * @param columns its columns, in their order
 */
public record WarehouseTarget(TableName name, List<Column> columns) {

  /**
   * A column.
   *
   * @param name its name
   * @param typeText its type as the catalog spells it, such as {@code decimal(10,2)}
   * @param nullable whether it takes NULL
   */
  public record Column(String name, String typeText, boolean nullable) {
    /** Checks that none is null. */
    public Column {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(typeText, "typeText");
    }
  }

  /** Copies the columns. */
  public WarehouseTarget {
    Objects.requireNonNull(name, "name");
    columns = List.copyOf(columns);
  }
}
