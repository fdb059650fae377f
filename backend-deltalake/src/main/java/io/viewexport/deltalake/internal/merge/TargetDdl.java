// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.SqlNames;
import io.viewexport.deltalake.internal.schema.TableName;
import java.util.List;
import java.util.stream.Collectors;

/** Renders what changes or makes tables and schemas, and what messages advise to run. */
public final class TargetDdl {
  private TargetDdl() {}

  /** Adds columns to a table, all nullable, at its end. */
  public static SqlStatement addColumns(TableName table, List<ViewColumn> columns) {
    return SqlStatement.of(
        "ALTER TABLE " + table.sql() + " ADD COLUMNS (" + columns(columns) + ")");
  }

  private static String columns(List<ViewColumn> columns) {
    return columns.stream()
        .map(
            column ->
                SqlNames.quote(column.name())
                    + " "
                    + SqlTypes.sql(LakeSchema.deltaType(column.type())))
        .collect(Collectors.joining(", "));
  }

  /** Makes a schema where it is not there. */
  public static String createSchema(String catalog, String schema) {
    return "CREATE SCHEMA IF NOT EXISTS " + SqlNames.quote(catalog) + "." + SqlNames.quote(schema);
  }

  /** Makes a table of these columns. */
  public static String createTable(TableName table, LakeSchema columns) {
    return "CREATE TABLE " + table.sql() + " (" + columns(columns.columns()) + ")";
  }

  /** Lets somebody read a table and write to it. */
  public static String grantTable(TableName table, String principal) {
    return "GRANT SELECT, MODIFY ON TABLE " + table.sql() + " TO " + SqlNames.quote(principal);
  }

  /** Lets somebody use all that lies in a schema. */
  public static String grantSchema(TableName table, String privilege, String principal) {
    return "GRANT "
        + privilege
        + " ON SCHEMA "
        + table.schemaSql()
        + " TO "
        + SqlNames.quote(principal);
  }
}
