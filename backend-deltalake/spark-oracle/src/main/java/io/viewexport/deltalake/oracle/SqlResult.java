// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.oracle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement gave.
 *
 * @param columns in order
 * @param rows each cell as text, as {@link SparkOracle#query} gives it
 */
public record SqlResult(List<Column> columns, List<List<@Nullable String>> rows) {

  /**
   * A column.
   *
   * @param type as SQL writes it, such as {@code DECIMAL(10,2)}
   * @param typeJson as Delta's log writes it, such as {@code "decimal(10,2)"} with its quotes
   */
  public record Column(String name, String type, String typeJson, boolean nullable) {}
}
