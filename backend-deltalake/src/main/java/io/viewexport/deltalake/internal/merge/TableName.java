// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.util.Optional;

/**
 * The name of a table in a catalog.
 *
 * @param catalog the catalog
 * @param schema the schema in it
 * @param table the table in that
 */
public record TableName(String catalog, String schema, String table) {

  /** Checks that each part can be written in SQL and has no dot. */
  public TableName {
    check(catalog);
    check(schema);
    check(table);
  }

  private static void check(String part) {
    if (part.isEmpty() || part.indexOf('.') >= 0) {
      throw new IllegalArgumentException("a part of a table's name is empty or has a dot");
    }
    SqlNames.quote(part);
  }

  /** Reads {@code catalog.schema.table}; empty where the text is no such name. */
  public static Optional<TableName> parse(String text) {
    String[] parts = text.split("\\.", -1);
    try {
      return parts.length == 3
          ? Optional.of(new TableName(parts[0], parts[1], parts[2]))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The name as SQL writes it, each part quoted. */
  public String sql() {
    return schemaSql() + "." + SqlNames.quote(table);
  }

  /** The schema's name as SQL writes it, each part quoted. */
  public String schemaSql() {
    return SqlNames.quote(catalog) + "." + SqlNames.quote(schema);
  }

  /** The plain name: {@code main.fhir.patient}. */
  @Override
  public String toString() {
    return catalog + "." + schema + "." + table;
  }
}
