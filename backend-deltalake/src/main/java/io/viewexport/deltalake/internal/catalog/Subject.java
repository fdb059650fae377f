// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import io.viewexport.deltalake.internal.schema.TableName;

/**
 * What a call to the catalog was about, for the message where it fails.
 *
 * @param doing what then has not happened: {@code Table a.b.c not created}
 * @param call which call
 * @param catalog the catalog it was in; empty text for a path
 * @param schema the schema it was in, such as {@code main.fhir}; empty text for a path
 * @param object the full name of the table or schema, or the path
 */
record Subject(String doing, Call call, String catalog, String schema, String object) {

  /** The calls. */
  enum Call {
    GET_TABLE,
    CREATE_TABLE,
    DELETE_TABLE,
    GET_SCHEMA,
    TABLE_CREDENTIALS,
    PATH_CREDENTIALS,
    LIST_LOCATIONS
  }

  static Subject table(String notDone, Call call, TableName name) {
    String doing = "Table " + name + " " + notDone;
    return new Subject(doing, call, name.catalog(), name.schemaName(), name.toString());
  }

  static Subject schema(String catalog, String schema) {
    String full = catalog + "." + schema;
    return new Subject("Schema " + full + " not read", Call.GET_SCHEMA, catalog, full, full);
  }

  static Subject locations(String url) {
    return new Subject(
        "No external location of " + url + " found", Call.LIST_LOCATIONS, "", "", url);
  }

  static Subject path(String url) {
    return new Subject("No credentials for " + url, Call.PATH_CREDENTIALS, "", "", url);
  }
}
