// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import io.viewexport.deltalake.internal.schema.TableName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The paths of the catalog's REST API. */
final class CatalogPaths {
  static final String TABLES = "/api/2.1/unity-catalog/tables";
  static final String TABLE_CREDENTIALS = "/api/2.0/unity-catalog/temporary-table-credentials";
  static final String PATH_CREDENTIALS = "/api/2.0/unity-catalog/temporary-path-credentials";
  private static final String LOCATIONS = "/api/2.1/unity-catalog/external-locations";
  private static final String SCHEMAS = "/api/2.1/unity-catalog/schemas";

  private CatalogPaths() {}

  static String table(TableName name) {
    return TABLES
        + "/"
        + encoded(name.catalog())
        + "."
        + encoded(name.schema())
        + "."
        + encoded(name.table());
  }

  static String schema(String catalog, String schema) {
    return SCHEMAS + "/" + encoded(catalog) + "." + encoded(schema);
  }

  /**
   * A page of the external locations.
   *
   * @param page its token; empty text for the first
   */
  static String locations(String page) {
    return page.isEmpty() ? LOCATIONS : LOCATIONS + "?page_token=" + encoded(page);
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
