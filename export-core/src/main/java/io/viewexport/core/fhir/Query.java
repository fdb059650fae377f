// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The query of a URL. Of several values of a name the first counts. */
final class Query {
  private Query() {}

  static Set<String> names(String raw) {
    return parse(raw).keySet();
  }

  static Optional<String> value(String raw, String name) {
    return Optional.ofNullable(parse(raw).get(name));
  }

  private static Map<String, String> parse(String raw) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] halves = pair.split("=", 2);
        values.putIfAbsent(decoded(halves[0]), halves.length == 2 ? decoded(halves[1]) : "");
      }
    }
    return values;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
