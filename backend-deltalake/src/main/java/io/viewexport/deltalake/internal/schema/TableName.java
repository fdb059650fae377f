// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.schema;

import java.util.List;
import java.util.Locale;

/**
 * The name of a table in Unity Catalog, in lower case, as the catalog keeps it: two names are of
 * the same table where they are equal.
 *
 * @param catalog the catalog
 * @param schema the schema in it
 * @param table the table in that
 */
public record TableName(String catalog, String schema, String table) {
  private static final int MAX_LENGTH = 255;

  /**
   * Makes all lower case.
   *
   * @throws IllegalArgumentException where one can't be: it is empty, too long, or has a dot, a
   *     space, a slash or a control character
   */
  public TableName {
    catalog = checked(catalog);
    schema = checked(schema);
    table = checked(table);
  }

  /**
   * Reads {@code catalog.schema.table}.
   *
   * @throws IllegalArgumentException where it is no such name
   */
  public static TableName parse(String text) {
    List<String> parts = List.of(text.strip().split("\\.", -1));
    if (parts.size() != 3) {
      throw new IllegalArgumentException(
          "the name of a table is catalog.schema.table: \"" + text + "\"");
    }
    return new TableName(parts.get(0), parts.get(1), parts.get(2));
  }

  /** A table beside the staging tables of exports to this one: in the sibling of its schema. */
  public TableName inStaging(String name) {
    return new TableName(catalog, schema + "_staging", name);
  }

  private static String checked(String part) {
    boolean refused =
        part.codePoints()
            .anyMatch(c -> c == '.' || c == '/' || c == ' ' || Character.isISOControl(c));
    if (part.isEmpty() || part.length() > MAX_LENGTH || refused) {
      throw new IllegalArgumentException(
          "no name of a catalog, schema or table: \""
              + part
              + "\"; it has 1 to 255 characters, none of them a dot, space, slash or control");
    }
    return part.toLowerCase(Locale.ROOT);
  }

  /** The name as SQL writes it, each part quoted. */
  public String sql() {
    return schemaSql() + "." + SqlNames.quote(table);
  }

  /** The schema's name as SQL writes it, each part quoted. */
  public String schemaSql() {
    return SqlNames.quote(catalog) + "." + SqlNames.quote(schema);
  }

  /** {@code catalog.schema}. */
  public String schemaName() {
    return catalog + "." + schema;
  }

  /** {@code catalog.schema.table}: for messages, not for SQL. */
  @Override
  public String toString() {
    return schemaName() + "." + table;
  }
}
