// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A ViewDefinition that a resolver holds.
 *
 * @param id its id
 * @param json the definition
 */
record StoredDefinition(String id, ObjectNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** By version, number by number. */
  static final Comparator<StoredDefinition> OLDEST_FIRST =
      (one, other) -> compareVersions(one.text("version"), other.text("version"));

  /**
   * Reads a definition; one without a {@code resourceType} is taken for a ViewDefinition.
   *
   * @param whyNot is told what keeps the text from being one
   */
  static Optional<StoredDefinition> read(String usualId, String text, Consumer<String> whyNot) {
    try {
      JsonNode json = MAPPER.readTree(text);
      if (json instanceof ObjectNode object) {
        if (!object.has("resourceType")) {
          object.put("resourceType", "ViewDefinition");
        }
        String id = object.path("id").asText();
        if (object.path("resourceType").asText().equals("ViewDefinition")) {
          return Optional.of(new StoredDefinition(id.isEmpty() ? usualId : id, object));
        }
        whyNot.accept("its resourceType is another one");
      } else {
        whyNot.accept("it is no JSON object");
      }
    } catch (JsonProcessingException noJson) {
      whyNot.accept("it is no JSON" + place(noJson));
    }
    return Optional.empty();
  }

  boolean isMeant(ViewReference reference) {
    if (reference instanceof ViewReference.ById byId) {
      return id.equals(byId.id());
    }
    return reference instanceof ViewReference.ByCanonical canonical
        && text("url").equals(canonical.url())
        && canonical.version().map(text("version")::equals).orElse(true);
  }

  /** The view in the relation that is named like the definition. */
  ResolvedView view(String schema) {
    String name = text("name");
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      String text = "ViewDefinition/" + id + " has no name, so its relation is not known.";
      throw new ExportRefusedException(List.of(ExportIssue.of("invalid-view-definition", text)));
    }
    return ResolvedView.of(new ViewName(schema, name), json.toString());
  }

  /** Without a name its relation is not known. */
  boolean hasName() {
    return !text("name").isEmpty();
  }

  // The parser's own words quote the text.
  private static String place(JsonProcessingException noJson) {
    JsonLocation place = noJson.getLocation();
    return place == null
        ? ""
        : " from line %d, column %d on".formatted(place.getLineNr(), place.getColumnNr());
  }

  private String text(String element) {
    return json.path(element).asText();
  }

  /** What every resolver of stored definitions says to one that the request brings along. */
  static void refuseInline(ViewReference reference) {
    if (reference instanceof ViewReference.Inline) {
      String text =
          "This server exports views that it has materialised; name one by reference instead of"
              + " sending it along.";
      throw new ExportRefusedException(List.of(ExportIssue.of("not-supported", text)));
    }
  }

  private static int compareVersions(String one, String other) {
    String[] ones = one.split("\\.", -1);
    String[] others = other.split("\\.", -1);
    for (int index = 0; index < Math.min(ones.length, others.length); index++) {
      String mine = ones[index];
      String theirs = others[index];
      boolean numbers = mine.matches("\\d{1,9}") && theirs.matches("\\d{1,9}");
      int order =
          numbers
              ? Integer.compare(Integer.parseInt(mine), Integer.parseInt(theirs))
              : mine.compareTo(theirs);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(ones.length, others.length);
  }
}
