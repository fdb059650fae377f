// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** JSON by hand: what is unset is left out, what is unknown is passed over. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String write(JsonNode node) {
    return node.toString();
  }

  static JsonNode read(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of the job store holds no JSON", e);
    }
  }

  static String text(JsonNode node, String name) {
    return node.required(name).asText();
  }

  static Optional<String> optional(JsonNode node, String name) {
    return node.hasNonNull(name) ? Optional.of(node.get(name).asText()) : Optional.empty();
  }

  static OptionalInt optionalInt(JsonNode node, String name) {
    return node.hasNonNull(name) ? OptionalInt.of(node.get(name).asInt()) : OptionalInt.empty();
  }

  static OptionalLong optionalLong(JsonNode node, String name) {
    return node.hasNonNull(name) ? OptionalLong.of(node.get(name).asLong()) : OptionalLong.empty();
  }

  static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> item) {
    List<T> items = new ArrayList<>();
    node.path(name).forEach(child -> items.add(item.apply(child)));
    return items;
  }

  static List<String> texts(JsonNode node, String name) {
    return list(node, name, JsonNode::asText);
  }

  static Map<String, String> map(JsonNode node, String name) {
    Map<String, String> values = new LinkedHashMap<>();
    node.path(name).properties().forEach(e -> values.put(e.getKey(), e.getValue().asText()));
    return values;
  }

  static ArrayNode array(List<? extends JsonNode> items) {
    return JsonNodeFactory.instance.arrayNode().addAll(items);
  }

  static ArrayNode texts(List<String> items) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    items.forEach(array::add);
    return array;
  }

  static ObjectNode map(Map<String, String> values) {
    ObjectNode node = object();
    new TreeMap<>(values).forEach(node::put);
    return node;
  }
}
