// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an endpoint is asked.
 *
 * @param principal who asks; empty text where the endpoint asks for no token
 * @param groups what the endpoint's pattern captured of the path
 * @param text the body
 */
record ApiRequest(
    String principal,
    String authorization,
    List<String> groups,
    Map<String, List<String>> query,
    String text) {
  static final ObjectMapper JSON = new ObjectMapper();

  JsonNode body() {
    try {
      return JSON.readTree(text.isEmpty() ? "{}" : text);
    } catch (JsonProcessingException e) {
      throw ApiError.of(400, "MALFORMED_REQUEST", "Could not parse the request.").exception();
    }
  }

  /** A field of the body that has to be there. */
  String field(String name) {
    JsonNode value = body().path(name);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw ApiError.invalid("Missing required field: " + name).exception();
    }
    return value.asText();
  }

  Optional<String> parameter(String name) {
    return query.getOrDefault(name, List.of()).stream().findFirst();
  }
}
