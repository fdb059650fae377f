// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What a call is answered with. */
record ApiAnswer(int status, JsonNode body, Map<String, String> headers) {

  static ApiAnswer ok(JsonNode body) {
    return new ApiAnswer(200, body, Map.of());
  }
}
