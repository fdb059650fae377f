// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** Writes a Parameters resource, or the parts of a parameter. */
final class ParametersBody {
  private final ObjectNode resource = JsonNodeFactory.instance.objectNode();
  private final ArrayNode items;

  ParametersBody() {
    resource.put("resourceType", "Parameters");
    items = resource.putArray("parameter");
  }

  private ParametersBody(ArrayNode parts) {
    items = parts;
  }

  ObjectNode json() {
    return resource;
  }

  ParametersBody string(String name, String value) {
    return put(name, item -> item.put("valueString", value));
  }

  ParametersBody code(String name, String value) {
    return put(name, item -> item.put("valueCode", value));
  }

  ParametersBody uri(String name, String value) {
    return put(name, item -> item.put("valueUri", value));
  }

  ParametersBody bool(String name, boolean value) {
    return put(name, item -> item.put("valueBoolean", value));
  }

  ParametersBody integer(String name, long value) {
    return put(name, item -> item.put("valueInteger", Math.min(value, Integer.MAX_VALUE)));
  }

  /** A count that may be larger than FHIR's integers, which have 32 bits. */
  ParametersBody count(String name, long value) {
    return put(name, item -> item.put("valueDecimal", BigDecimal.valueOf(value)));
  }

  ParametersBody instant(String name, Instant value) {
    return put(
        name, item -> item.put("valueInstant", value.truncatedTo(ChronoUnit.MILLIS).toString()));
  }

  ParametersBody parts(String name, Consumer<ParametersBody> parts) {
    return put(name, item -> parts.accept(new ParametersBody(item.putArray("part"))));
  }

  private ParametersBody put(String name, Consumer<ObjectNode> value) {
    value.accept(items.addObject().put("name", name));
    return this;
  }
}
