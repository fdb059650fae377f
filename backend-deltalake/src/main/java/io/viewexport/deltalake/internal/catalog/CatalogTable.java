// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import io.viewexport.deltalake.internal.schema.TableName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A table as Unity Catalog knows it.
 *
 * @param name its name
 * @param tableId its id, by which credentials are asked for
 * @param tableType such as {@code MANAGED} or {@code EXTERNAL}; empty text where it isn't told
 * @param format such as {@code DELTA}; empty text where it isn't told
 * @param location where its files are; empty where it isn't told
 * @param columns its columns in their order
 * @param properties its properties
 */
public record CatalogTable(
    TableName name,
    String tableId,
    String tableType,
    String format,
    Optional<String> location,
    List<Column> columns,
    Map<String, String> properties) {

  /**
   * A column.
   *
   * @param name its name
   * @param typeText its type in SQL, such as {@code decimal(10,2)}
   * @param typeJson its Spark field, or only its type, as JSON; empty text where it isn't told
   * @param nullable whether it may be NULL
   * @param position from 0
   */
  public record Column(
      String name, String typeText, String typeJson, boolean nullable, int position) {

    /** Checks that none is null. */
    public Column {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(typeText, "typeText");
      Objects.requireNonNull(typeJson, "typeJson");
    }
  }

  /** Copies columns and properties. */
  public CatalogTable {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(tableId, "tableId");
    Objects.requireNonNull(tableType, "tableType");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(location, "location");
    columns = List.copyOf(columns);
    properties = Map.copyOf(properties);
  }
}
