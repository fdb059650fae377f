// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A workspace for faults and timing: statements wait, run and end by a clock that the test moves.
 * It understands no SQL: it tells checks from merges, and counts the merges that took effect.
 */
final class ScriptedWorkspace implements WorkspaceApi {
  /** The warehouse's clock is not this server's. */
  static final long FIRST_MS = 1_700_000_000_000L;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  long nowMs = FIRST_MS;
  long pendingMs = 100;
  long runningMs = 1500;
  long historyLagMs = 20_000;
  boolean ignoresCancel;
  int applied;

  /** What statements fail with, in turn; empty text: they don't. */
  final Deque<String> mergeFailures = new ArrayDeque<>();

  final Deque<String> checkFailures = new ArrayDeque<>();
  final Map<String, String> checkRow = new LinkedHashMap<>();
  final Map<String, Statement> statements = new LinkedHashMap<>();
  final List<WorkspaceCall> calls = new ArrayList<>();

  /** Comes before a call: may throw, which it then does without effect. */
  Function<WorkspaceCall, @Nullable RuntimeException> before = call -> null;

  /** Comes after a call had its effect: may throw instead of the answer. */
  Function<WorkspaceCall, @Nullable RuntimeException> after = call -> null;

  ScriptedWorkspace() {
    checkRow.put("staged_rows", "10");
    checkRow.put("null_keys_0", "0");
    checkRow.put("repeated_keys", "0");
  }

  static final class Statement {
    final String id;
    final JsonNode request;
    final long submittedMs;
    long startsMs;
    long endsMs;
    boolean isCanceled;
    boolean hasRun;
    String failure = "";

    Statement(String id, JsonNode request, long submittedMs) {
      this.id = id;
      this.request = request;
      this.submittedMs = submittedMs;
    }

    String text() {
      return request.path("statement").asText();
    }

    boolean isMerge() {
      return text().contains("MERGE INTO");
    }
  }

  static WorkspaceException lost() {
    return new WorkspaceException(
        WorkspaceException.Effect.UNKNOWN, 0, "no-answer", List.of(), null, null);
  }

  static WorkspaceException refused(int status, String code) {
    return new WorkspaceException(
        WorkspaceException.Effect.NONE, status, code, List.of(), null, null);
  }

  List<Statement> merges() {
    return statements.values().stream().filter(Statement::isMerge).toList();
  }

  /** Moves the clock; statements begin and end. */
  void advance(long millis) {
    nowMs += millis;
    statements.values().forEach(this::move);
  }

  private void move(Statement statement) {
    if (!statement.hasRun && !statement.isCanceled && nowMs >= statement.startsMs) {
      if (statement.isMerge() && until(statement) <= statement.startsMs) {
        statement.failure = "[USER_RAISED_EXCEPTION] viewexport: submitted too late";
        statement.hasRun = true;
      } else if (nowMs >= statement.endsMs) {
        statement.hasRun = true;
        statement.failure = next(statement.isMerge() ? mergeFailures : checkFailures);
        applied += statement.isMerge() && statement.failure.isEmpty() ? 1 : 0;
      }
    }
  }

  private static String next(Deque<String> failures) {
    String failure = failures.poll();
    return failure == null ? "" : failure;
  }

  private static long until(Statement statement) {
    return statement.request.path("parameters").path(0).path("value").asLong();
  }

  private String state(Statement statement) {
    move(statement);
    if (statement.hasRun) {
      return statement.failure.isEmpty() ? "SUCCEEDED" : "FAILED";
    } else if (statement.isCanceled) {
      return "CANCELED";
    }
    return nowMs < statement.startsMs ? "PENDING" : "RUNNING";
  }

  @Override
  public JsonNode call(WorkspaceCall call) {
    calls.add(call);
    throwIf(before.apply(call));
    JsonNode answer = answer(call);
    throwIf(after.apply(call));
    return answer;
  }

  private static void throwIf(@Nullable RuntimeException failure) {
    if (failure != null) {
      throw failure;
    }
  }

  private JsonNode answer(WorkspaceCall call) {
    String path = call.path();
    if (path.equals("/api/2.0/sql/statements")) {
      return submit(call.body().orElseThrow());
    } else if (path.startsWith("/api/2.0/sql/history/queries?")) {
      return history(path);
    }
    String id = path.substring("/api/2.0/sql/statements/".length()).split("/", 2)[0];
    Statement statement = statements.get(id);
    if (statement == null) {
      throw refused(404, "NOT_FOUND");
    } else if (path.endsWith("/cancel")) {
      state(statement);
      statement.isCanceled = !ignoresCancel && !statement.hasRun;
      return JSON.objectNode();
    }
    return status(statement);
  }

  JsonNode submit(JsonNode request) {
    Statement statement = new Statement("s" + statements.size(), request, nowMs);
    statement.startsMs = nowMs + pendingMs;
    statement.endsMs = statement.startsMs + runningMs;
    statements.put(statement.id, statement);
    ObjectNode answer = JSON.objectNode().put("statement_id", statement.id);
    answer.putObject("status").put("state", "PENDING");
    return answer;
  }

  private JsonNode status(Statement statement) {
    ObjectNode answer = JSON.objectNode().put("statement_id", statement.id);
    String state = state(statement);
    ObjectNode status = answer.putObject("status").put("state", state);
    if (state.equals("FAILED")) {
      status.putObject("error").put("message", statement.failure);
    } else if (state.equals("SUCCEEDED")) {
      Map<String, String> row = new LinkedHashMap<>(checkRow);
      row.put("server_time", Long.toString(statement.startsMs));
      result(answer, statement.isMerge() ? MERGED : row);
    }
    return answer;
  }

  private static final Map<String, String> MERGED =
      Map.of(
          "num_affected_rows", "7",
          "num_updated_rows", "0",
          "num_deleted_rows", "0",
          "num_inserted_rows", "7");

  private static void result(ObjectNode answer, Map<String, String> row) {
    ArrayNode columns = answer.putObject("manifest").putObject("schema").putArray("columns");
    ArrayNode cells = answer.putObject("result").putArray("data_array").addArray();
    row.forEach(
        (name, value) -> {
          columns.addObject().put("name", name);
          cells.add(value);
        });
  }

  private JsonNode history(String path) {
    ObjectNode answer = JSON.objectNode();
    ArrayNode entries = answer.putArray("res");
    List<Statement> visible =
        statements.values().stream()
            .filter(statement -> nowMs >= statement.submittedMs + historyLagMs)
            .toList();
    int from = path.contains("page_token=") ? Integer.parseInt(path.replaceAll(".*token=", "")) : 0;
    for (Statement statement : visible.subList(from, Math.min(from + 1, visible.size()))) {
      ObjectNode entry = entries.addObject();
      entry.put("query_id", statement.id);
      entry.put("query_text", statement.text());
      entry.put(
          "status",
          switch (state(statement)) {
            case "SUCCEEDED" -> "FINISHED";
            case "PENDING" -> "QUEUED";
            default -> state(statement);
          });
    }
    answer.put("has_next_page", from + 1 < visible.size());
    answer.put("next_page_token", Integer.toString(from + 1));
    return answer;
  }
}
