// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the server says it would do for a query. */
final class QueryPlan {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;

  private QueryPlan(JsonNode root) {
    this.root = root;
  }

  /** The plan of a query of our own, which is not run. */
  static QueryPlan of(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN (VERBOSE, FORMAT JSON) " + query)) {
      rows.next();
      return new QueryPlan(JSON.readTree(rows.getString(1)).path(0).path("Plan"));
    } catch (JsonProcessingException e) {
      throw new SQLException("EXPLAIN gave no JSON", e);
    }
  }

  /** What the whole query gives, column by column, as the server spells it. */
  List<String> output() {
    return texts(root);
  }

  /** What every step gives. */
  List<String> outputs() {
    List<String> all = new ArrayList<>();
    visit(root, node -> all.addAll(texts(node)));
    return all;
  }

  /** The tables that are read, by the alias that the plan names them by. */
  Map<String, ViewName> tables() {
    Map<String, ViewName> tables = new HashMap<>();
    visit(
        root,
        node -> {
          if (node.hasNonNull("Relation Name") && node.hasNonNull("Schema")) {
            ViewName name =
                new ViewName(node.path("Schema").asText(), node.path("Relation Name").asText());
            tables.put(node.path("Alias").asText(), name);
          }
        });
    return tables;
  }

  /** Whether a part runs once for each row of another. */
  boolean hasCorrelatedPart() {
    List<JsonNode> found = new ArrayList<>();
    visit(
        root,
        node -> {
          if (node.path("Parent Relationship").asText().equals("SubPlan")) {
            found.add(node);
          }
        });
    return !found.isEmpty();
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.path("Output").forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static void visit(JsonNode node, Consumer<JsonNode> visitor) {
    visitor.accept(node);
    node.path("Plans").forEach(child -> visit(child, visitor));
  }
}
