// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A parameter of a request, or a part of one.
 *
 * @param name its name
 * @param expression where it stands in the request, as FHIRPath
 * @param value its value
 * @param resource the resource that it carries
 * @param parts its parts
 */
record Param(
    String name,
    String expression,
    Optional<Value> value,
    Optional<JsonNode> resource,
    List<Param> parts) {

  /**
   * A value.
   *
   * @param type the FHIR type as the element's name ends, such as {@code String} of {@code
   *     valueString}
   * @param json the value
   */
  record Value(String type, JsonNode json) {}

  static Set<String> names(List<Param> params) {
    return params.stream().map(Param::name).collect(Collectors.toUnmodifiableSet());
  }
}
