// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The list of past and present statements, newest first. Safe for use by many threads. */
public final class QueryHistory {
  private static final int MOST_RESULTS = 1000;

  private final Clock clock;
  private final Warehouse warehouse;
  private volatile Duration delay = Duration.ZERO;

  QueryHistory(Clock clock, Warehouse warehouse) {
    this.clock = clock;
    this.warehouse = warehouse;
  }

  /** Lets a statement appear only so long after its submission, by the workspace's clock. */
  public void setDelay(Duration delay) {
    this.delay = delay;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.bearer("GET", "/api/2\\.0/sql/history/queries", this::list));
  }

  private ApiAnswer list(ApiRequest request) {
    List<Statement> found = new ArrayList<>();
    for (Statement statement : warehouse.statements()) {
      if (isVisible(statement, request)) {
        found.add(statement);
      }
    }
    Collections.reverse(found);
    int from = request.parameter("page_token").map(Integer::parseInt).orElse(0);
    int size =
        Math.min(MOST_RESULTS, request.parameter("max_results").map(Integer::parseInt).orElse(100));
    int to = Math.min(found.size(), from + size);
    ObjectNode body = ApiRequest.JSON.createObjectNode().put("has_next_page", to < found.size());
    if (to < found.size()) {
      body.put("next_page_token", Integer.toString(to));
    }
    ArrayNode res = body.putArray("res");
    found.subList(Math.min(from, to), to).forEach(statement -> res.add(described(statement)));
    return ApiAnswer.ok(body);
  }

  private boolean isVisible(Statement statement, ApiRequest request) {
    Instant submitted = statement.submitted();
    return !clock.instant().isBefore(submitted.plus(delay))
        && statement.request().principal().equals(request.principal())
        && allows(request, "warehouse_ids", WorkspaceSimulator.WAREHOUSE_ID)
        && allows(request, "statement_ids", statement.id())
        && allows(request, "statuses", status(statement))
        && millis(request, "start_time_ms", 0) <= submitted.toEpochMilli()
        && submitted.toEpochMilli() <= millis(request, "end_time_ms", Long.MAX_VALUE);
  }

  private static boolean allows(ApiRequest request, String filter, String value) {
    List<String> allowed = request.query().getOrDefault("filter_by." + filter, List.of());
    return allowed.isEmpty() || allowed.contains(value);
  }

  private static long millis(ApiRequest request, String bound, long otherwise) {
    return request
        .parameter("filter_by.query_start_time_range." + bound)
        .map(Long::parseLong)
        .orElse(otherwise);
  }

  private static String status(Statement statement) {
    return switch (statement.state()) {
      case PENDING -> "QUEUED";
      case RUNNING -> "RUNNING";
      case SUCCEEDED, CLOSED -> "FINISHED";
      case FAILED -> "FAILED";
      case CANCELED -> "CANCELED";
    };
  }

  private static ObjectNode described(Statement statement) {
    ObjectNode query =
        ApiRequest.JSON
            .createObjectNode()
            .put("query_id", statement.id())
            .put("query_text", statement.request().sql())
            .put("status", status(statement))
            .put("warehouse_id", WorkspaceSimulator.WAREHOUSE_ID)
            .put("user_name", statement.request().principal())
            .put("query_start_time_ms", statement.submitted().toEpochMilli())
            .put("is_final", statement.end().isPresent());
    statement.end().ifPresent(end -> query.put("query_end_time_ms", end.toEpochMilli()));
    statement.error().ifPresent(error -> query.put("error_message", error.message()));
    if (statement.request().tags().isArray()) {
      query.set("query_tags", statement.request().tags());
    }
    return query;
  }
}
