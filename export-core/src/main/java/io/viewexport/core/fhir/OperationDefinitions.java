// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.backend.BackendParameter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The OperationDefinitions of what this server really does, from what its backends declare. */
final class OperationDefinitions {
  private static final Map<Face, String> BASES =
      Map.of(
          Face.VIEWDEFINITION_EXPORT,
          "http://hl7.org/fhir/uv/sql-on-fhir/OperationDefinition/ViewDefinitionExport",
          Face.SQL_EXPORT,
          "http://hl7.org/fhir/uv/sql-on-fhir/OperationDefinition/SQLExport");
  private static final String OFTEN = "*";

  private final Map<String, List<BackendParameter>> backends;
  private final ExportOperationConfig config;

  OperationDefinitions(Map<String, List<BackendParameter>> backends, ExportOperationConfig config) {
    this.backends = backends;
    this.config = config;
  }

  /** The id of a face's definition. */
  static String id(Face face) {
    return "viewexport-" + face.code;
  }

  static String url(Face face, Urls urls) {
    return urls.base() + "/OperationDefinition/" + id(face);
  }

  /** The FHIR type of a backend's parameter, as the name of its value ends. */
  static String valueOf(BackendParameter.Type type) {
    String code = typeOf(type);
    return Character.toUpperCase(code.charAt(0)) + code.substring(1);
  }

  private static String typeOf(BackendParameter.Type type) {
    return switch (type) {
      case STRING -> "string";
      case CODE -> "code";
      case INTEGER -> "integer";
      case BOOLEAN -> "boolean";
      case URL -> "url";
    };
  }

  ObjectNode definition(Face face, Urls urls) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    boolean ofViews = face == Face.VIEWDEFINITION_EXPORT;
    definition.put("resourceType", "OperationDefinition").put("id", id(face));
    definition.put("url", url(face, urls)).put("name", ofViews ? "ViewExport" : "ViewSqlExport");
    definition.put("title", "Export of views, as this server offers it");
    definition.put("status", "active").put("kind", "operation");
    definition.put(
        "description",
        "Exports views asynchronously to one of the kinds of target that this server has.");
    definition.put("affectsState", true).put("code", face.code);
    definition.put("base", BASES.get(face));
    if (ofViews) {
      definition.putArray("resource").add("ViewDefinition");
    }
    definition.put("system", true).put("type", ofViews).put("instance", ofViews);
    ArrayNode parameters = definition.putArray("parameter");
    addInputs(face, parameters);
    addOutputs(parameters);
    return definition;
  }

  private void addInputs(Face face, ArrayNode parameters) {
    boolean implied = face == Face.VIEWDEFINITION_EXPORT;
    String often =
        implied ? "A view to export; not given where the path names it." : "A view to export.";
    ObjectNode view = in(parameters, face.view, implied ? 0 : 1, OFTEN, often);
    ArrayNode parts = view.putArray("part");
    part(parts, "name", "string", "The name of the output; default the ViewDefinition's name.");
    part(parts, face.canonical, "canonical", "The ViewDefinition by its canonical URL.");
    part(parts, face.reference, "Reference", "The ViewDefinition on this server.");
    part(parts, face.resource, "Resource", "The ViewDefinition.");
    in(parameters, "kind", config.defaultKind().isPresent() ? 0 : 1, "1", kinds())
        .put("type", "code");
    in(parameters, "clientTrackingId", 0, "1", "Given back in every status.").put("type", "string");
    in(parameters, "_since", 0, "1", "Only rows that changed then or later.")
        .put("type", "instant");
    in(parameters, "patient", 0, OFTEN, "Only rows of these patients.").put("type", "Reference");
    String members = "Only rows of these groups' members; beside patient: of patients in both.";
    in(parameters, "group", 0, OFTEN, members).put("type", "Reference");
    addOptions(parameters);
    addBackends(parameters);
  }

  private void addOptions(ArrayNode parameters) {
    String forOne = " May be a part of a view, for it alone.";
    in(parameters, "chunkCount", 0, "1", "Into how many chunks a view is cut." + forOne)
        .put("type", "positiveInt");
    in(parameters, "mergeKey", 0, OFTEN, "The columns that name a row; default id." + forOne)
        .put("type", "string");
    in(
            parameters,
            "mergeMode",
            0,
            "1",
            "What becomes of rows that the target has: insert, upsert, history, replace." + forOne)
        .put("type", "code");
    in(parameters, "timestampColumn", 0, "1", "The column that tells newer from older." + forOne)
        .put("type", "string");
    in(parameters, "patientColumn", 0, "1", "The column that holds the patient's key." + forOne)
        .put("type", "string");
  }

  /** One parameter of each name; which kinds have it is said in words. */
  private void addBackends(ArrayNode parameters) {
    Map<String, BackendParameter> declared = new TreeMap<>();
    Map<String, Set<String>> kinds = new TreeMap<>();
    backends.forEach(
        (kind, ofKind) ->
            ofKind.forEach(
                parameter -> {
                  declared.putIfAbsent(parameter.name(), parameter);
                  kinds.computeIfAbsent(parameter.name(), name -> new TreeSet<>()).add(kind);
                }));
    declared.forEach(
        (name, parameter) -> {
          String ofKinds = " Kind " + String.join(", ", kinds.getOrDefault(name, Set.of())) + ".";
          in(parameters, name, 0, "1", parameter.documentation() + ofKinds)
              .put("type", typeOf(parameter.type()));
        });
    if (config.profile() == ResponseProfile.REFERENCE) {
      String back = "Given back; changes nothing.";
      if (!declared.containsKey(KickOffReader.FORMAT)) {
        in(parameters, KickOffReader.FORMAT, 0, "1", back).put("type", "code");
      }
      if (!declared.containsKey(KickOffReader.HEADER)) {
        in(parameters, KickOffReader.HEADER, 0, "1", back).put("type", "boolean");
      }
    }
  }

  private String kinds() {
    String known = "The kind of target: " + String.join(", ", backends.keySet()) + ".";
    return config.defaultKind().map(kind -> known + " Default " + kind + ".").orElse(known);
  }

  private void addOutputs(ArrayNode parameters) {
    out(parameters, "exportId", "string", 1, "The export's id.");
    out(parameters, "clientTrackingId", "string", 0, "As in the request.");
    out(parameters, "status", "code", 1, "Where the export is.");
    out(parameters, "location", "uri", 1, "Where to ask for the status.");
    out(parameters, "cancelUrl", "uri", 0, "What to DELETE to cancel.");
    if (takes(KickOffReader.FORMAT)) {
      out(parameters, KickOffReader.FORMAT, "code", 0, "As in the request.");
    }
    if (takes(KickOffReader.HEADER)) {
      out(parameters, KickOffReader.HEADER, "boolean", 0, "As in the request.");
    }
    out(parameters, "exportStartTime", "instant", 0, "When it began.");
    out(parameters, "exportEndTime", "instant", 0, "When it ended.");
    out(parameters, "exportDuration", "integer", 0, "How many seconds it took.");
    out(parameters, "estimatedTimeRemaining", "integer", 0, "How many seconds are left.");
    String place = "The place, from 1, of an export that waits among all that do.";
    out(parameters, "queuePosition", "integer", 0, place);
    String snapshot = "per-chunk, or shared: all rows are of one state of the database.";
    out(parameters, "snapshotMode", "code", 0, snapshot);
    addNextSince(parameters);
    ArrayNode advice =
        group(parameters, "advice", OFTEN, "What makes a view slow or unsafe to export.");
    out(advice, "view", "string", 1, "The name of its output.");
    out(advice, "code", "code", 1, "A stable code.");
    out(advice, "message", "string", 1, "What it is and what to do.");
    addOutput(
        group(parameters, "progress", OFTEN, "Of an export that runs: how far each view is."));
    addOutput(group(parameters, "output", OFTEN, "Of one that ended: what became of each view."));
    ArrayNode error = group(parameters, "error", "1", "Why the export failed.");
    out(error, "code", "code", 1, "A stable code.");
    out(error, "message", "string", 1, "What failed and what to do.");
    out(error, "task", "string", 1, "What of the export failed.");
  }

  /** Whether requests may hold a parameter that is given back, or is a backend's. */
  private boolean takes(String name) {
    return config.profile() == ResponseProfile.REFERENCE
        || backends.values().stream()
            .flatMap(List::stream)
            .anyMatch(parameter -> parameter.name().equals(name));
  }

  private static void addOutput(ArrayNode parts) {
    out(parts, "name", "string", 1, "The output's name.");
    out(parts, "location", "uri", 0, "Where its rows are.");
    out(parts, "outcome", "code", 0, "Whether its rows are in the target.");
    out(parts, "rowCount", "decimal", 1, "How many rows were exported.");
    out(parts, "byteCount", "decimal", 1, "How many bytes were written.");
    out(parts, "chunkCount", "integer", 1, "Into how many chunks the view is cut.");
    out(parts, "chunksDone", "integer", 1, "How many of them are written.");
    out(parts, "inserted", "decimal", 0, "How many rows the target did not have.");
    out(parts, "updated", "decimal", 0, "How many rows were replaced.");
    out(parts, "deleted", "decimal", 0, "How many rows were taken away.");
    out(parts, "unchanged", "decimal", 0, "How many rows stayed as they were.");
    addNextSince(parts);
  }

  private static void addNextSince(ArrayNode parameters) {
    out(parameters, "nextSince", "instant", 0, "The _since of the next export, which misses none.");
    ArrayNode why = group(parameters, "nextSinceWithheld", "1", "Why nextSince can't be known.");
    out(why, "code", "code", 1, "A stable code of the reason.");
    out(why, "message", "string", 1, "The reason, and what to do.");
  }

  private static ArrayNode group(
      ArrayNode parameters, String name, String max, String documentation) {
    return parameters
        .addObject()
        .put("name", name)
        .put("use", "out")
        .put("min", 0)
        .put("max", max)
        .put("documentation", documentation)
        .putArray("part");
  }

  private static ObjectNode in(
      ArrayNode parameters, String name, int min, String max, String documentation) {
    return parameters
        .addObject()
        .put("name", name)
        .put("use", "in")
        .put("min", min)
        .put("max", max)
        .put("documentation", documentation);
  }

  private static void part(ArrayNode parts, String name, String type, String documentation) {
    in(parts, name, 0, "1", documentation).put("type", type);
  }

  private static void out(
      ArrayNode parameters, String name, String type, int min, String documentation) {
    parameters
        .addObject()
        .put("name", name)
        .put("use", "out")
        .put("min", min)
        .put("max", "1")
        .put("documentation", documentation)
        .put("type", type);
  }
}
