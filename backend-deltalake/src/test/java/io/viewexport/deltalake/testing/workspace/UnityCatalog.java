// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.deltalake.oracle.SqlResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * The catalog: tables registered over REST, and what Spark knows besides. A registered table is
 * made known to Spark when a statement names it, since there is nothing in its place before.
 */
final class UnityCatalog {
  private static final String API = "/api/2\\.[01]/unity-catalog";

  static final String LOCATION_NAME = "exports-here";

  private final SparkCatalog spark;
  private final Grants grants;
  private final String externalLocation;
  private final Map<TableName, Registered> tables = new ConcurrentHashMap<>();

  /** The registered tables that Spark knows. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private final List<String> asked = new CopyOnWriteArrayList<>();

  UnityCatalog(SparkCatalog spark, Grants grants, String externalLocation) {
    this.spark = spark;
    this.grants = grants;
    this.externalLocation = externalLocation;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.bearer("POST", API + "/tables", this::create),
        Endpoint.bearer("GET", API + "/tables/([^/]+)", this::get),
        Endpoint.bearer("DELETE", API + "/tables/([^/]+)", this::delete),
        Endpoint.bearer("GET", API + "/tables/([^/]+)/exists", this::exists),
        Endpoint.bearer("GET", API + "/schemas/([^/]+)", this::schema),
        Endpoint.bearer("GET", API + "/external-locations", this::locations));
  }

  /** The names of the tables that were registered and not deleted. */
  List<String> registered() {
    return tables.keySet().stream().map(TableName::fullName).sorted().toList();
  }

  /** What was asked for to register tables, also those that are gone. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Makes the registered tables known to Spark that this statement may name. */
  void prepare(String sql) {
    String text = sql.toLowerCase(Locale.ROOT);
    for (Registered table : tables.values()) {
      if (text.contains(table.name().table())
          && !known.contains(table.id())
          && spark.holdsTable(table.url())) {
        spark.register(table.name(), table.url());
        known.add(table.id());
      }
    }
  }

  /** Forgets a table that a statement dropped. */
  void forget(TableName name) {
    tables.remove(name);
  }

  /** A registered table by its id, with its place. */
  Optional<Registered> registered(String id) {
    return tables.values().stream().filter(table -> table.id().equals(id)).findFirst();
  }

  private synchronized ApiAnswer create(ApiRequest request) {
    asked.add(request.text());
    TableName name =
        new TableName(
            request.field("catalog_name"), request.field("schema_name"), request.field("name"));
    String url = request.field("storage_location").replaceFirst("^s3a:", "s3:");
    if (!request.field("table_type").equals("EXTERNAL")
        || !request.field("data_source_format").equals("DELTA")) {
      throw ApiError.invalid("Only external Delta tables can be created here.").exception();
    }
    requireSchema(name.catalog(), name.schema());
    grants.require(request.principal(), Privilege.CREATE_TABLE, "Schema", name.schemaName());
    grants.require(request.principal(), Privilege.CREATE_EXTERNAL_TABLE, "External Location", url);
    if (tables.containsKey(name) || spark.find(name).isPresent()) {
      throw ApiError.of(
              400, "TABLE_ALREADY_EXISTS", "Table '" + name.fullName() + "' already exists")
          .exception();
    }
    requirePlace(url);
    if (tables.values().stream().anyMatch(other -> overlap(other.url(), url))) {
      throw ApiError.locationOverlap(url).exception();
    }
    Registered table =
        new Registered(name, UUID.randomUUID().toString(), url, request.body().deepCopy());
    tables.put(name, table);
    return ApiAnswer.ok(described(table));
  }

  /** Refuses what lies outside of the external location, or is its root. */
  void requirePlace(String url) {
    String root = externalLocation + "/";
    String place = url.endsWith("/") ? url : url + "/";
    if (place.equals(root)) {
      throw ApiError.locationOverlap(url).exception();
    }
    if (!place.startsWith(root)) {
      throw ApiError.notFound("EXTERNAL_LOCATION_DOES_NOT_EXIST", "External location of " + url)
          .exception();
    }
  }

  private static boolean overlap(String one, String other) {
    return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
  }

  private ApiAnswer get(ApiRequest request) {
    TableName name = TableName.parse(request.groups().get(0));
    Registered table = tables.get(name);
    if (table != null) {
      return ApiAnswer.ok(described(table));
    }
    grants.require(request.principal(), Privilege.SELECT, "Table", name.fullName());
    return ApiAnswer.ok(
        spark
            .find(name)
            .map(known -> described(name, known))
            .orElseThrow(() -> absent(name).exception()));
  }

  private ApiAnswer delete(ApiRequest request) {
    TableName name = TableName.parse(request.groups().get(0));
    Registered table = tables.remove(name);
    if (table == null && spark.find(name).isEmpty()) {
      throw absent(name).exception();
    }
    spark.drop(name);
    return ApiAnswer.ok(ApiRequest.JSON.createObjectNode());
  }

  private ApiAnswer exists(ApiRequest request) {
    TableName name = TableName.parse(request.groups().get(0));
    boolean exists = tables.containsKey(name) || spark.find(name).isPresent();
    return ApiAnswer.ok(ApiRequest.JSON.createObjectNode().put("table_exists", exists));
  }

  private ApiAnswer schema(ApiRequest request) {
    String[] parts = request.groups().get(0).split(Pattern.quote("."), 2);
    if (parts.length < 2) {
      throw ApiError.invalid("Not a schema's name.").exception();
    }
    requireSchema(parts[0], parts[1]);
    String full = parts[0] + "." + parts[1];
    grants.require(request.principal(), Privilege.USE_SCHEMA, "Schema", full);
    return ApiAnswer.ok(
        ApiRequest.JSON
            .createObjectNode()
            .put("name", parts[1])
            .put("catalog_name", parts[0])
            .put("full_name", full));
  }

  /** The only one, on a second page. */
  private ApiAnswer locations(ApiRequest request) {
    ObjectNode body = ApiRequest.JSON.createObjectNode();
    ArrayNode listed = body.putArray("external_locations");
    if (request.parameter("page_token").isEmpty()) {
      return ApiAnswer.ok(body.put("next_page_token", "more&1"));
    }
    listed.addObject().put("name", LOCATION_NAME).put("url", externalLocation);
    return ApiAnswer.ok(body);
  }

  private void requireSchema(String catalog, String schema) {
    if (!catalog.equalsIgnoreCase(SparkCatalog.NAME)) {
      throw ApiError.notFound("CATALOG_DOES_NOT_EXIST", "Catalog '" + catalog + "'").exception();
    }
    if (!spark.hasSchema(catalog, schema)) {
      throw ApiError.notFound("SCHEMA_DOES_NOT_EXIST", "Schema '" + catalog + "." + schema + "'")
          .exception();
    }
  }

  static ApiError absent(TableName name) {
    return ApiError.notFound("TABLE_DOES_NOT_EXIST", "Table '" + name.fullName() + "'");
  }

  private static ObjectNode described(Registered table) {
    JsonNode asked = table.asked();
    ObjectNode body = described(table.name(), table.id(), table.url());
    body.set("columns", asked.path("columns").isArray() ? asked.get("columns") : noColumns());
    if (asked.has("properties")) {
      body.set("properties", asked.get("properties"));
    }
    return body;
  }

  private static ArrayNode noColumns() {
    return ApiRequest.JSON.createArrayNode();
  }

  private static ObjectNode described(TableName name, SparkCatalog.SparkTable table) {
    ObjectNode body = described(name, table.id(), table.url());
    ArrayNode columns = body.putArray("columns");
    for (SqlResult.Column column : table.columns()) {
      columns.add(SqlTypes.column(column, columns.size()));
    }
    return body;
  }

  private static ObjectNode described(TableName name, String id, String url) {
    ObjectNode body = ApiRequest.JSON.createObjectNode();
    body.put("name", name.table())
        .put("catalog_name", name.catalog())
        .put("schema_name", name.schema())
        .put("full_name", name.fullName())
        .put("table_type", url.isEmpty() ? "MANAGED" : "EXTERNAL")
        .put("data_source_format", "DELTA")
        .put("table_id", id);
    if (!url.isEmpty()) {
      body.put("storage_location", url);
    }
    return body;
  }

  /**
   * A table registered over REST.
   *
   * @param asked the body that registered it
   */
  record Registered(TableName name, String id, String url, JsonNode asked) {}
}
