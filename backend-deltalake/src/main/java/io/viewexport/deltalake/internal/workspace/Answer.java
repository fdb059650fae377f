// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** What a server answered to a request, whole. */
final class Answer {
  private static final int OK = 200;
  private static final int REDIRECTS = 300;
  private static final int REFUSALS = 400;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  private Answer(int status, HttpHeaders headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static Answer of(HttpResponse<byte[]> response) {
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  /** Whether the server, not the request, is to blame for it. */
  boolean isServerFailure() {
    return Statuses.isServerFailure(status);
  }

  /** When the server says that it answered; empty where it doesn't. */
  Optional<Instant> date() {
    try {
      return headers
          .firstValue("Date")
          .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }

  /**
   * The body of a successful answer.
   *
   * @throws WorkspaceException where it is none
   */
  JsonNode json() {
    if (status < OK || status >= REFUSALS) {
      throw refusal();
    }
    if (status >= REDIRECTS) {
      throw new WorkspaceException(
          WorkspaceException.Effect.NONE,
          status,
          WorkspaceException.REDIRECTED,
          List.of(),
          null,
          null);
    }
    try {
      JsonNode json = JSON.readTree(body);
      return json.isMissingNode() ? JSON.createObjectNode() : json;
    } catch (JacksonException notJson) {
      // Without the cause: its text quotes the answer.
      throw new WorkspaceException(
          WorkspaceException.Effect.UNKNOWN,
          status,
          WorkspaceException.ANSWER_NOT_JSON,
          List.of(),
          null,
          null);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private WorkspaceException refusal() {
    ErrorCodes codes = ErrorCodes.of(tree());
    return new WorkspaceException(
        Statuses.effect(status),
        status,
        codes.errorCode(),
        codes.reasons(),
        RetryAfter.of(headers).orElse(null),
        null);
  }

  /** The body as far as it is JSON. */
  private JsonNode tree() {
    try {
      return JSON.readTree(body);
    } catch (IOException notJson) {
      return JSON.missingNode();
    }
  }
}
