// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.deltalake.oracle.SqlParameter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement as it is asked for.
 *
 * @param tags an array of objects with key and value, or a missing node
 * @param patience how long the caller wants to wait for the end
 * @param onTimeout {@code CONTINUE} or {@code CANCEL}
 * @param rowLimit the most rows of the result
 */
record StatementRequest(
    String principal,
    String sql,
    List<SqlParameter> parameters,
    JsonNode tags,
    Duration patience,
    String onTimeout,
    int rowLimit) {
  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_TAGS = 20;

  static StatementRequest of(ApiRequest request) {
    JsonNode body = request.body();
    String sql = request.field("statement");
    if (sql.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      throw ApiError.invalid("The statement is longer than 16 MiB.").exception();
    }
    if (body.path("query_tags").size() > MOST_TAGS) {
      throw ApiError.invalid("Too many query tags.").exception();
    }
    if (!body.path("disposition").asText("INLINE").equals("INLINE")
        || !body.path("format").asText("JSON_ARRAY").equals("JSON_ARRAY")
        || body.has("catalog")
        || body.has("schema")) {
      throw ApiError.of(501, "NOT_IMPLEMENTED", "The simulator knows no such thing.").exception();
    }
    return new StatementRequest(
        request.principal(),
        sql,
        parameters(body.path("parameters")),
        body.path("query_tags"),
        patience(body.path("wait_timeout").asText("10s")),
        body.path("on_wait_timeout").asText("CONTINUE"),
        body.path("row_limit").asInt(Integer.MAX_VALUE));
  }

  private static List<SqlParameter> parameters(JsonNode array) {
    List<SqlParameter> parameters = new ArrayList<>();
    for (JsonNode one : array) {
      JsonNode value = one.path("value");
      if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
        throw ApiError.invalid("A parameter's value has to be a string.").exception();
      }
      parameters.add(
          new SqlParameter(
              one.path("name").asText(),
              value.isTextual() ? value.asText() : null,
              one.path("type").asText("STRING")));
    }
    return parameters;
  }

  private static Duration patience(String text) {
    int seconds = text.matches("\\d{1,2}s") ? Integer.parseInt(text.replace("s", "")) : -1;
    if (seconds != 0 && (seconds < 5 || seconds > 50)) {
      throw ApiError.invalid("wait_timeout must be 0s or between 5s and 50s.").exception();
    }
    return Duration.ofSeconds(seconds);
  }
}
