// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.merge.SqlStatement;
import io.viewexport.deltalake.internal.warehouse.WarehouseFailures.Subject;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall.Repeat;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import io.viewexport.deltalake.internal.workspace.WorkspaceFailures;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A SQL warehouse of a workspace. Safe for use by many threads.
 *
 * @see <a href="https://docs.databricks.com/api/workspace/statementexecution">Statement Execution
 *     API</a>
 */
public final class SqlWarehouse {
  private static final String STATEMENTS = "/api/2.0/sql/statements";
  private static final String HISTORY = "/api/2.0/sql/history/queries";
  private static final String WAREHOUSES = "/api/2.0/sql/warehouses/";
  private static final int PAGE = 500;

  /** Of a result: those of our statements are a row long. */
  private static final int MOST_CHUNKS = 1000;

  private static final int NOT_FOUND = 404;

  /** The answer to cancelling what has ended. */
  private static final int ENDED = 400;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final WorkspaceApi api;
  private final String id;

  /** The warehouse of this id. */
  public SqlWarehouse(WorkspaceApi api, String id) {
    this.api = Objects.requireNonNull(api, "api");
    this.id = Objects.requireNonNull(id, "id");
  }

  /** The warehouse's id. */
  public String id() {
    return id;
  }

  /**
   * Submits a statement and returns its id at once.
   *
   * @throws ExportException {@code OUTCOME_UNKNOWN} where the answer was lost: it may run under an
   *     id that only {@link #history} tells; any other kind where it surely does not run
   */
  String submit(SqlStatement statement, StatementTag tag, Subject subject, StopSignal stop) {
    return submit(
        WorkspaceCall.post(STATEMENTS, body(statement, tag), Repeat.IF_NOT_APPLIED, stop), subject);
  }

  /**
   * Submits a statement that may run twice, again where the answer was lost.
   *
   * @throws ExportException {@code PERMANENT} or {@code RETRYABLE}; it may run all the same
   */
  String submitHarmless(
      SqlStatement statement, StatementTag tag, Subject subject, StopSignal stop) {
    try {
      return submit(
          WorkspaceCall.post(STATEMENTS, body(statement, tag), Repeat.ALWAYS, stop), subject);
    } catch (ExportException e) {
      if (e.kind() == FailureKind.OUTCOME_UNKNOWN) {
        throw ExportException.retryable("warehouse-answer-lost", e.message(), e);
      }
      throw e;
    }
  }

  private String submit(WorkspaceCall call, Subject subject) {
    JsonNode answer;
    try {
      answer = api.call(call);
    } catch (WorkspaceException e) {
      throw WarehouseFailures.ofSubmit(e, subject);
    }
    String statementId = answer.path("statement_id").asText();
    if (statementId.isEmpty()) {
      throw WarehouseFailures.unknownSubmit(subject, null);
    }
    return statementId;
  }

  private ObjectNode body(SqlStatement statement, StatementTag tag) {
    ObjectNode body = JSON.objectNode();
    body.put("warehouse_id", id);
    body.put("statement", tag.comment() + "\n" + statement.text());
    body.put("wait_timeout", "0s");
    body.put("on_wait_timeout", "CONTINUE");
    body.put("disposition", "INLINE");
    body.put("format", "JSON_ARRAY");
    ArrayNode parameters = body.putArray("parameters");
    for (SqlStatement.Parameter parameter : statement.parameters()) {
      parameters
          .addObject()
          .put("name", parameter.name())
          .put("type", parameter.type())
          .put("value", parameter.value());
    }
    body.putArray("query_tags").addObject().put("key", StatementTag.KEY).put("value", tag.value());
    return body;
  }

  /** What became of a statement; empty where the warehouse does not know it any more. */
  Optional<StatementAnswer> find(String statementId, StopSignal stop) {
    return get(statement(statementId), stop)
        .map(answer -> new StatementAnswer(statementId, state(answer), failure(answer)));
  }

  private static String statement(String statementId) {
    return STATEMENTS + "/" + encode(statementId);
  }

  private Optional<JsonNode> get(String path, StopSignal stop) {
    try {
      return Optional.of(api.call(WorkspaceCall.get(path, stop)));
    } catch (WorkspaceException e) {
      if (e.status() == NOT_FOUND && !WorkspaceFailures.isForeign(e)) {
        return Optional.empty();
      }
      throw lookUpFailed(e);
    }
  }

  private ExportException lookUpFailed(WorkspaceException e) {
    return WarehouseFailures.ofCall(e, id);
  }

  private StatementAnswer.State state(JsonNode answer) {
    return switch (answer.path("status").path("state").asText()) {
      case "PENDING" -> StatementAnswer.State.PENDING;
      case "RUNNING" -> StatementAnswer.State.RUNNING;
      case "SUCCEEDED" -> StatementAnswer.State.SUCCEEDED;
      case "CLOSED" -> StatementAnswer.State.CLOSED;
      case "FAILED" -> StatementAnswer.State.FAILED;
      case "CANCELED" -> StatementAnswer.State.CANCELED;
      default -> throw WarehouseFailures.notUnderstood(id);
    };
  }

  private static StatementFailure failure(JsonNode answer) {
    return StatementFailure.of(answer.path("status"));
  }

  /**
   * The rows of a statement that succeeded, each by column; empty where they are gone.
   *
   * @throws ExportException {@code RETRYABLE} where they can't be read, or not all
   */
  Optional<List<Map<String, @Nullable String>>> rows(String statementId, StopSignal stop) {
    Optional<JsonNode> answer = get(statement(statementId), stop);
    if (answer.isEmpty() || state(answer.get()) != StatementAnswer.State.SUCCEEDED) {
      return Optional.empty();
    }
    JsonNode manifest = answer.get().path("manifest");
    if (manifest.path("truncated").asBoolean()) {
      throw WarehouseFailures.notUnderstood(id);
    }
    List<String> columns = new ArrayList<>();
    manifest
        .path("schema")
        .path("columns")
        .forEach(column -> columns.add(column.path("name").asText()));
    List<Map<String, @Nullable String>> rows = new ArrayList<>();
    Optional<JsonNode> chunk = Optional.of(answer.get().path("result"));
    for (int read = 0; chunk.isPresent(); read++) {
      chunk.get().path("data_array").forEach(cells -> rows.add(row(columns, cells)));
      JsonNode next = chunk.get().path("next_chunk_index");
      if (!next.isNumber()) {
        return Optional.of(rows);
      } else if (next.asInt() != read + 1 || read == MOST_CHUNKS) {
        throw WarehouseFailures.notUnderstood(id);
      }
      chunk = get(statement(statementId) + "/result/chunks/" + next.asInt(), stop);
    }
    return Optional.empty();
  }

  private static Map<String, @Nullable String> row(List<String> columns, JsonNode cells) {
    Map<String, @Nullable String> row = new LinkedHashMap<>();
    for (int column = 0; column < columns.size(); column++) {
      JsonNode cell = cells.path(column);
      row.put(columns.get(column), cell.isTextual() ? cell.asText() : null);
    }
    return row;
  }

  /**
   * Asks for the end of a statement, which may succeed all the same: {@link #find} tells. Any
   * number of times, also for one that has ended.
   */
  void cancel(String statementId, StopSignal stop) {
    String path = statement(statementId) + "/cancel";
    try {
      api.call(WorkspaceCall.post(path, JSON.objectNode(), Repeat.ALWAYS, stop));
    } catch (WorkspaceException e) {
      if (e.status() != NOT_FOUND && e.status() != ENDED) {
        throw lookUpFailed(e);
      }
    }
  }

  /**
   * The tagged statements that were submitted to this warehouse since a moment, as its history has
   * them: some moments late.
   *
   * @param since as the warehouse's clock has it; a history reaches back 30 days
   */
  List<PastStatement> history(Instant since, Predicate<StatementTag> wanted, StopSignal stop) {
    String query =
        "?filter_by.warehouse_ids="
            + encode(id)
            + "&filter_by.query_start_time_range.start_time_ms="
            + since.toEpochMilli()
            + "&max_results="
            + PAGE;
    return pages(query, stop).stream().filter(past -> wanted.test(past.tag())).toList();
  }

  private List<PastStatement> pages(String query, StopSignal stop) {
    Map<String, PastStatement> found = new HashMap<>();
    Set<String> seen = new HashSet<>();
    String page = "";
    do {
      if (!seen.add(page)) {
        throw WarehouseFailures.notUnderstood(id);
      }
      String path = HISTORY + query + page;
      JsonNode answer = get(path, stop).orElseThrow(() -> WarehouseFailures.notUnderstood(id));
      for (JsonNode entry : answer.path("res")) {
        past(entry).ifPresent(past -> found.put(past.id(), past));
      }
      String next = answer.path("next_page_token").asText("");
      boolean more = answer.path("has_next_page").asBoolean() && !next.isEmpty();
      page = more ? "&page_token=" + encode(next) : "";
    } while (!page.isEmpty());
    return List.copyOf(found.values());
  }

  private static Optional<PastStatement> past(JsonNode entry) {
    for (JsonNode tag : entry.path("query_tags")) {
      if (tag.path("key").asText().equals(StatementTag.KEY)) {
        return StatementTag.parse(tag.path("value").asText()).map(found -> past(entry, found));
      }
    }
    return StatementTag.parseComment(entry.path("query_text").asText())
        .map(found -> past(entry, found));
  }

  private static PastStatement past(JsonNode entry, StatementTag tag) {
    StatementAnswer.State state =
        switch (entry.path("status").asText()) {
          case "FINISHED" -> StatementAnswer.State.CLOSED;
          case "FAILED" -> StatementAnswer.State.FAILED;
          case "CANCELED" -> StatementAnswer.State.CANCELED;
          case "QUEUED" -> StatementAnswer.State.PENDING;
          default -> StatementAnswer.State.RUNNING;
        };
    return new PastStatement(entry.path("query_id").asText(), tag, state);
  }

  /** What the history says of one statement, long after the warehouse has forgotten its result. */
  Optional<StatementAnswer.State> findInHistory(String statementId, StopSignal stop) {
    String query = "?filter_by.statement_ids=" + encode(statementId) + "&max_results=1";
    return pages(query, stop).stream()
        .filter(past -> past.id().equals(statementId))
        .map(PastStatement::state)
        .findFirst();
  }

  /**
   * Looks the warehouse up; starts nothing.
   *
   * @throws ExportException {@code PERMANENT} where it is not there or may not be used; {@code
   *     RETRYABLE} where that can't be found out now
   */
  public WarehouseInfo info(StopSignal stop) {
    JsonNode answer;
    try {
      answer = api.call(WorkspaceCall.get(WAREHOUSES + encode(id), stop));
    } catch (WorkspaceException e) {
      throw lookUpFailed(e);
    }
    return new WarehouseInfo(
        answer.path("name").asText(),
        answer.path("state").asText(),
        answer.path("enable_serverless_compute").asBoolean());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
