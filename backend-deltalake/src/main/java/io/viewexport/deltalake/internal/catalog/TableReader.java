// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.deltalake.internal.schema.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a table from what the catalog answers. */
final class TableReader {
  private TableReader() {}

  /** The table; empty where the answer holds none. */
  static Optional<CatalogTable> read(TableName name, JsonNode answer) {
    String id = answer.path("table_id").asText("");
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CatalogTable(
            name,
            id,
            answer.path("table_type").asText(""),
            answer.path("data_source_format").asText(""),
            text(answer, "storage_location"),
            columns(answer.path("columns")),
            properties(answer.path("properties"))));
  }

  private static Optional<String> text(JsonNode node, String field) {
    String text = node.path(field).asText("");
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static List<CatalogTable.Column> columns(JsonNode answer) {
    List<CatalogTable.Column> columns = new ArrayList<>();
    for (JsonNode column : answer) {
      columns.add(
          new CatalogTable.Column(
              column.path("name").asText(""),
              column.path("type_text").asText(""),
              column.path("type_json").asText(""),
              column.path("nullable").asBoolean(true),
              column.path("position").asInt(columns.size())));
    }
    columns.sort(Comparator.comparingInt(CatalogTable.Column::position));
    return columns;
  }

  private static Map<String, String> properties(JsonNode answer) {
    Map<String, String> properties = new LinkedHashMap<>();
    answer
        .properties()
        .forEach(property -> properties.put(property.getKey(), property.getValue().asText("")));
    return properties;
  }
}
