// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Requests as JSON. */
final class RequestJson {
  private RequestJson() {}

  static String write(ExportRequest request) {
    ObjectNode node = Json.object().put("kind", request.kind());
    node.set("views", Json.array(request.views().stream().map(RequestJson::view).toList()));
    node.set("options", options(request.options()));
    node.put("snapshotMode", request.snapshotMode().name());
    node.set("parameters", Json.map(request.parameters()));
    request.principal().ifPresent(id -> node.put("principal", id));
    request.idempotencyKey().ifPresent(key -> node.put("idempotencyKey", key));
    request.clientTrackingId().ifPresent(id -> node.put("clientTrackingId", id));
    if (!request.notes().isEmpty()) {
      node.set("notes", Json.map(request.notes()));
    }
    return Json.write(node);
  }

  static ExportRequest read(String json) {
    JsonNode node = Json.read(json);
    return new ExportRequest(
        Json.text(node, "kind"),
        Json.list(node, "views", RequestJson::view),
        options(node.required("options")),
        SnapshotMode.valueOf(Json.text(node, "snapshotMode")),
        Json.map(node, "parameters"),
        Json.optional(node, "principal"),
        Json.optional(node, "idempotencyKey"),
        Json.optional(node, "clientTrackingId"),
        Json.map(node, "notes"));
  }

  private static ObjectNode view(ViewRequest view) {
    ObjectNode node = Json.object().put("name", view.name());
    node.set("view", name(view.view()));
    node.set("options", options(view.options()));
    node.set("parameters", Json.map(view.parameters()));
    return node;
  }

  private static ViewRequest view(JsonNode node) {
    return new ViewRequest(
        Json.text(node, "name"),
        name(node.required("view")),
        options(node.required("options")),
        Json.map(node, "parameters"));
  }

  static ObjectNode name(ViewName view) {
    return Json.object().put("schema", view.schema()).put("name", view.name());
  }

  static ViewName name(JsonNode node) {
    return new ViewName(Json.text(node, "schema"), Json.text(node, "name"));
  }

  private static ObjectNode options(ViewOptions options) {
    ObjectNode node = Json.object();
    options.chunkCount().ifPresent(count -> node.put("chunkCount", count));
    node.set("mergeKey", Json.texts(options.mergeKey()));
    options.mergeMode().ifPresent(mode -> node.put("mergeMode", mode.name()));
    options.timestampColumn().ifPresent(column -> node.put("timestampColumn", column));
    options.patientColumn().ifPresent(column -> node.put("patientColumn", column));
    options.filters().ifPresent(filters -> node.set("filters", filters(filters)));
    if (!options.columnTypes().isEmpty()) {
      ObjectNode types = node.putObject("columnTypes");
      options.columnTypes().forEach((column, type) -> types.set(column, ViewJson.type(type)));
    }
    return node;
  }

  private static ViewOptions options(JsonNode node) {
    Optional<ViewFilters> filters =
        node.hasNonNull("filters")
            ? Optional.of(filters(node.required("filters")))
            : Optional.empty();
    return new ViewOptions(
        Json.optionalInt(node, "chunkCount"),
        Json.texts(node, "mergeKey"),
        Json.optional(node, "mergeMode").map(MergeMode::valueOf),
        Json.optional(node, "timestampColumn"),
        Json.optional(node, "patientColumn"),
        filters,
        columnTypes(node.path("columnTypes")));
  }

  private static Map<String, ColumnType> columnTypes(JsonNode node) {
    Map<String, ColumnType> types = new HashMap<>();
    node.properties().forEach(entry -> types.put(entry.getKey(), ViewJson.type(entry.getValue())));
    return types;
  }

  static ObjectNode filters(ViewFilters filters) {
    ObjectNode node = Json.object();
    filters.since().ifPresent(since -> node.put("since", since.toString()));
    node.set("patients", Json.texts(filters.patients()));
    node.set("groups", Json.texts(filters.groups()));
    return node;
  }

  static ViewFilters filters(JsonNode node) {
    return new ViewFilters(
        Json.optional(node, "since").map(Instant::parse),
        Json.texts(node, "patients"),
        Json.texts(node, "groups"));
  }
}
