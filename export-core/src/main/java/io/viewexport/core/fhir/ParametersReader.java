// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a Parameters resource apart, without knowing what its parameters mean. */
final class ParametersReader {
  private static final int LONGEST_QUOTE = 64;

  private final Problems problems;

  ParametersReader(Problems problems) {
    this.problems = problems;
  }

  /** The parameters; empty where the resource is another. */
  Optional<List<Param>> read(JsonNode resource) {
    if (!resource.path("resourceType").asText().equals("Parameters")) {
      problems.add(
          ProblemCode.MALFORMED_PARAMETERS,
          "The body must be a Parameters resource.",
          "Parameters");
      return Optional.empty();
    }
    for (Map.Entry<String, JsonNode> member : resource.properties()) {
      switch (member.getKey()) {
        case "resourceType", "id", "meta", "implicitRules", "language", "parameter" -> {}
        default ->
            problems.add(
                ProblemCode.MALFORMED_PARAMETERS,
                "Parameters has no element \"" + quote(member.getKey()) + "\".",
                "Parameters");
      }
    }
    return Optional.of(list(resource.get("parameter"), "Parameters.parameter"));
  }

  private List<Param> list(@Nullable JsonNode array, String expression) {
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      problems.add(ProblemCode.MALFORMED_PARAMETERS, "This must be an array.", expression);
      return List.of();
    }
    List<Param> params = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int index = 0; index < array.size(); index++) {
      JsonNode item = array.get(index);
      if (!item.path("name").isTextual() || item.path("name").asText().isEmpty()) {
        problems.add(
            ProblemCode.MALFORMED_PARAMETERS,
            "A parameter is an object with a name.",
            expression + "[" + index + "]");
      } else {
        String name = item.get("name").asText();
        int number = seen.merge(name, 1, Integer::sum) - 1;
        params.add(param(item, name, named(expression, name, number)));
      }
    }
    return params;
  }

  /** The FHIRPath of the parameter of a name that is the {@code number}th, from 0. */
  static String named(String expression, String name, int number) {
    String literal = quote(name).replace("\\", "\\\\").replace("'", "\\'");
    return "%s.where(name='%s')[%d]".formatted(expression, literal, number);
  }

  private Param param(JsonNode item, String name, String expression) {
    Optional<Param.Value> value = Optional.empty();
    int contents = 0;
    for (Map.Entry<String, JsonNode> member : item.properties()) {
      String element = member.getKey();
      if (element.startsWith("value") && element.length() > "value".length()) {
        value =
            Optional.of(new Param.Value(element.substring("value".length()), member.getValue()));
        contents++;
      } else if (element.equals("resource") || element.equals("part")) {
        contents++;
      } else if (!isPassedOver(element)) {
        problems.add(
            ProblemCode.MALFORMED_PARAMETERS,
            "A parameter has no element \"" + quote(element) + "\".",
            expression);
      }
    }
    if (contents != 1) {
      String text = "A parameter has either one value[x], or a resource, or parts.";
      problems.add(ProblemCode.MALFORMED_PARAMETERS, text, expression);
    }
    return new Param(
        name,
        expression,
        value,
        Optional.ofNullable(item.get("resource")),
        list(item.get("part"), expression + ".part"));
  }

  /** What FHIR allows everywhere and changes no meaning. */
  private static boolean isPassedOver(String element) {
    return element.equals("name")
        || element.equals("id")
        || element.equals("extension")
        || element.equals("_name")
        || element.startsWith("_value");
  }

  /** A text of the request, short enough to be given back. */
  static String quote(String text) {
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
  }
}
