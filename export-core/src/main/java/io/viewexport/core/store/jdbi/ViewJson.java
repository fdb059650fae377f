// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.util.LinkedHashSet;

/** Planned views as JSON. */
final class ViewJson {
  private ViewJson() {}

  static String write(ExportView view) {
    ObjectNode node = Json.object().put("index", view.index()).put("name", view.name());
    node.set("description", description(view.description()));
    node.set("settings", settings(view.settings()));
    node.set("parameters", Json.map(view.parameters()));
    return Json.write(node);
  }

  static ExportView read(String json) {
    JsonNode node = Json.read(json);
    return new ExportView(
        node.required("index").asInt(),
        Json.text(node, "name"),
        description(node.required("description")),
        settings(node.required("settings")),
        Json.map(node, "parameters"));
  }

  private static ObjectNode description(DescribedView view) {
    ObjectNode node = Json.object();
    node.set("name", RequestJson.name(view.name()));
    node.set(
        "columns", Json.array(view.schema().columns().stream().map(ViewJson::column).toList()));
    view.estimatedRows().ifPresent(rows -> node.put("estimatedRows", rows));
    view.estimatedBytes().ifPresent(bytes -> node.put("estimatedBytes", bytes));
    node.set("sliceKinds", Json.texts(view.sliceKinds().stream().map(SliceKind::name).toList()));
    return node;
  }

  private static DescribedView description(JsonNode node) {
    return new DescribedView(
        RequestJson.name(node.required("name")),
        new ViewSchema(Json.list(node, "columns", ViewJson::column)),
        Json.optionalLong(node, "estimatedRows"),
        Json.optionalLong(node, "estimatedBytes"),
        new LinkedHashSet<>(
            Json.texts(node, "sliceKinds").stream().map(SliceKind::valueOf).toList()));
  }

  private static ObjectNode column(ViewColumn column) {
    ObjectNode node = Json.object().put("name", column.name());
    node.setAll(type(column.type()));
    return node.put("sourceType", column.sourceType());
  }

  private static ViewColumn column(JsonNode node) {
    return new ViewColumn(Json.text(node, "name"), type(node), Json.text(node, "sourceType"));
  }

  static ObjectNode type(ColumnType type) {
    return Json.object()
        .put("kind", type.kind().name())
        .put("precision", type.precision())
        .put("scale", type.scale());
  }

  static ColumnType type(JsonNode node) {
    return new ColumnType(
        ColumnType.Kind.valueOf(Json.text(node, "kind")),
        node.required("precision").asInt(),
        node.required("scale").asInt());
  }

  private static ObjectNode settings(ViewSettings settings) {
    ObjectNode node = Json.object();
    settings.chunkCount().ifPresent(count -> node.put("chunkCount", count));
    node.set("mergeKey", Json.texts(settings.mergeKey()));
    node.put("mergeMode", settings.mergeMode().name());
    settings.timestampColumn().ifPresent(column -> node.put("timestampColumn", column));
    settings.patientColumn().ifPresent(column -> node.put("patientColumn", column));
    node.set("filters", RequestJson.filters(settings.filters()));
    return node;
  }

  private static ViewSettings settings(JsonNode node) {
    return new ViewSettings(
        Json.optionalInt(node, "chunkCount"),
        Json.texts(node, "mergeKey"),
        MergeMode.valueOf(Json.text(node, "mergeMode")),
        Json.optional(node, "timestampColumn"),
        Json.optional(node, "patientColumn"),
        RequestJson.filters(node.required("filters")));
  }
}
