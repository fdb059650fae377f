// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkOracle;
import java.util.Locale;

/** A three-part name; upper and lower case are the same. */
record TableName(String catalog, String schema, String table) {
  TableName {
    catalog = catalog.toLowerCase(Locale.ROOT);
    schema = schema.toLowerCase(Locale.ROOT);
    table = table.toLowerCase(Locale.ROOT);
  }

  static TableName parse(String fullName) {
    String[] parts = fullName.split("\\.", -1);
    if (parts.length != 3) {
      throw ApiError.invalid("'" + fullName + "' is not a name of three parts").exception();
    }
    return new TableName(parts[0], parts[1], parts[2]);
  }

  String fullName() {
    return catalog + "." + schema + "." + table;
  }

  String schemaName() {
    return catalog + "." + schema;
  }

  String sql() {
    return SparkOracle.quote(catalog)
        + "."
        + SparkOracle.quote(schema)
        + "."
        + SparkOracle.quote(table);
  }
}
