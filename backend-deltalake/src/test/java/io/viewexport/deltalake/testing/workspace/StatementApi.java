// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.deltalake.oracle.SparkError;
import io.viewexport.deltalake.oracle.SqlResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls on statements and on the warehouse that runs them. */
final class StatementApi {
  private static final String API = "/api/2\\.0/sql/statements";

  /** So few that tests with a hundred rows see several chunks. */
  private static final int CHUNK_ROWS = 50;

  private final Warehouse warehouse;
  private final Grants grants;

  StatementApi(Warehouse warehouse, Grants grants) {
    this.warehouse = warehouse;
    this.grants = grants;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.bearer("POST", API, this::submit),
        Endpoint.bearer("GET", API + "/([^/]+)", r -> ApiAnswer.ok(described(find(r)))),
        Endpoint.bearer("GET", API + "/([^/]+)/result/chunks/(\\d+)", this::chunk),
        Endpoint.bearer("POST", API + "/([^/]+)/cancel", this::cancel),
        Endpoint.bearer("GET", "/api/2\\.0/sql/warehouses/([^/]+)", this::warehouse));
  }

  private ApiAnswer submit(ApiRequest request) {
    requireWarehouse(request.field("warehouse_id"), request.principal());
    Statement statement = warehouse.submit(StatementRequest.of(request));
    try {
      // A pending one waits for the clock, which does not go on meanwhile.
      boolean ended =
          statement.state() != Statement.State.PENDING
              && statement.awaitEnd(statement.request().patience());
      if (!ended
          && !statement.request().patience().isZero()
          && statement.request().onTimeout().equals("CANCEL")) {
        warehouse.cancel(statement);
        statement.awaitEnd(statement.request().patience());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ApiAnswer.ok(described(statement));
  }

  private ApiAnswer cancel(ApiRequest request) {
    warehouse.cancel(find(request));
    return ApiAnswer.ok(ApiRequest.JSON.createObjectNode());
  }

  private ApiAnswer chunk(ApiRequest request) {
    Statement statement = find(request);
    if (statement.state() != Statement.State.SUCCEEDED) {
      throw ApiError.notFound("NOT_FOUND", "The result").exception();
    }
    List<List<@Nullable String>> rows = rows(statement);
    int index = Integer.parseInt(request.groups().get(1));
    if (index >= chunks(rows.size())) {
      throw ApiError.notFound("NOT_FOUND", "The chunk").exception();
    }
    return ApiAnswer.ok(chunk(statement, rows, index));
  }

  private ApiAnswer warehouse(ApiRequest request) {
    String id = request.groups().get(0);
    requireWarehouse(id, request.principal());
    return ApiAnswer.ok(
        ApiRequest.JSON
            .createObjectNode()
            .put("id", id)
            .put("name", "simulated")
            .put("cluster_size", "2X-Small")
            .put("state", warehouse.isWarm() ? "RUNNING" : "STARTING"));
  }

  private void requireWarehouse(String id, String principal) {
    if (!id.equals(WorkspaceSimulator.WAREHOUSE_ID)) {
      throw ApiError.notFound("RESOURCE_DOES_NOT_EXIST", "SQL warehouse " + id).exception();
    }
    grants.require(principal, Privilege.CAN_USE, "SQL warehouse", id);
  }

  private Statement find(ApiRequest request) {
    String id = request.groups().get(0);
    return warehouse
        .find(id)
        .filter(statement -> statement.request().principal().equals(request.principal()))
        .orElseThrow(() -> ApiError.notFound("NOT_FOUND", "The statement " + id).exception());
  }

  private static ObjectNode described(Statement statement) {
    Statement.State state = statement.state();
    ObjectNode body = ApiRequest.JSON.createObjectNode().put("statement_id", statement.id());
    ObjectNode status = body.putObject("status").put("state", state.name());
    if (state == Statement.State.FAILED) {
      SparkError error = statement.error().orElseThrow();
      status.putObject("error").put("error_code", "BAD_REQUEST").put("message", error.message());
      if (!error.sqlState().isEmpty()) {
        status.put("sql_state", error.sqlState());
      }
    }
    if (state == Statement.State.SUCCEEDED) {
      List<List<@Nullable String>> rows = rows(statement);
      body.set("manifest", manifest(statement, rows.size()));
      body.set("result", rows.isEmpty() ? noRows() : chunk(statement, rows, 0));
    }
    return body;
  }

  private static ObjectNode noRows() {
    return ApiRequest.JSON.createObjectNode();
  }

  private static List<List<@Nullable String>> rows(Statement statement) {
    List<List<@Nullable String>> rows = statement.result().rows();
    return rows.subList(0, Math.min(rows.size(), statement.request().rowLimit()));
  }

  private static int chunks(int rows) {
    return (rows + CHUNK_ROWS - 1) / CHUNK_ROWS;
  }

  private static ObjectNode manifest(Statement statement, int rows) {
    ObjectNode manifest = ApiRequest.JSON.createObjectNode().put("format", "JSON_ARRAY");
    List<SqlResult.Column> columns = statement.result().columns();
    ObjectNode schema = manifest.putObject("schema").put("column_count", columns.size());
    ArrayNode described = schema.putArray("columns");
    columns.forEach(column -> described.add(SqlTypes.resultColumn(column, described.size())));
    manifest
        .put("total_chunk_count", chunks(rows))
        .put("total_row_count", rows)
        .put("truncated", rows < statement.result().rows().size());
    ArrayNode chunks = manifest.putArray("chunks");
    for (int i = 0; i < chunks(rows); i++) {
      chunks
          .addObject()
          .put("chunk_index", i)
          .put("row_offset", i * CHUNK_ROWS)
          .put("row_count", Math.min(CHUNK_ROWS, rows - i * CHUNK_ROWS));
    }
    return manifest;
  }

  private static ObjectNode chunk(
      Statement statement, List<List<@Nullable String>> rows, int index) {
    int from = index * CHUNK_ROWS;
    int to = Math.min(rows.size(), from + CHUNK_ROWS);
    ObjectNode chunk =
        ApiRequest.JSON
            .createObjectNode()
            .put("chunk_index", index)
            .put("row_offset", from)
            .put("row_count", to - from);
    if (to < rows.size()) {
      chunk
          .put("next_chunk_index", index + 1)
          .put(
              "next_chunk_internal_link",
              "/api/2.0/sql/statements/" + statement.id() + "/result/chunks/" + (index + 1));
    }
    ArrayNode array = chunk.putArray("data_array");
    List<SqlResult.Column> columns = statement.result().columns();
    for (List<@Nullable String> row : rows.subList(from, to)) {
      ArrayNode cells = array.addArray();
      for (int i = 0; i < row.size(); i++) {
        cells.add(SqlTypes.cell(columns.get(i), row.get(i)));
      }
    }
    return chunk;
  }
}
