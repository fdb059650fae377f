// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An HTTP response for the host's framework to send.
 *
 * @param status the status code
 * @param headers its headers by name, each once, found whatever the case
 * @param body FHIR JSON; empty where there is none
 */
public record OperationResponse(int status, Map<String, String> headers, String body) {

  /** Copies the headers. */
  public OperationResponse {
    Objects.requireNonNull(body, "body");
    Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(headers);
    headers = Collections.unmodifiableMap(copy);
  }
}
