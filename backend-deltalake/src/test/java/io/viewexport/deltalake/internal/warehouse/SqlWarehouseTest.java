// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.StopSignal;
import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.merge.SqlStatement;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlWarehouseTest {
  private final Map<String, String> answers = new LinkedHashMap<>();
  private final List<WorkspaceCall> calls = new ArrayList<>();
  private final Finalizer.Call call = new Finalizer(new ScriptedWorkspace()).newCall();
  private final StopSignal stop = call.stop();
  private final SqlWarehouse warehouse = new SqlWarehouse(api(), "wh 1");

  private WorkspaceApi api() {
    return made -> {
      calls.add(made);
      String answer = answers.get(made.method() + " " + made.path());
      if (answer == null) {
        throw ScriptedWorkspace.refused(404, "NOT_FOUND");
      }
      return json(answer);
    };
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void submitsAtOnceWithNamedValues() {
    answers.put(
        "POST /api/2.0/sql/statements", "{'statement_id':'s1','status':{'state':'PENDING'}}");
    SqlStatement statement =
        new SqlStatement("SELECT :x", List.of(new SqlStatement.Parameter("x", "BIGINT", "5")));
    StatementTag tag = new StatementTag(new JobId("j-1"), 2, 3, "merge", 4);
    var subject = new WarehouseFailures.Subject("Nothing done", "wh 1", Finalizer.TARGET);

    assertThat(warehouse.submit(statement, tag, subject, stop)).isEqualTo("s1");

    assertThat(calls.get(0).repeat()).isEqualTo(WorkspaceCall.Repeat.IF_NOT_APPLIED);
    assertThat(calls.get(0).body())
        .contains(
            json(
                "{'warehouse_id':'wh 1',"
                    + "'statement':'/* viewexport:j-1:v2:a3:merge4 */\\nSELECT :x',"
                    + "'wait_timeout':'0s','on_wait_timeout':'CONTINUE','disposition':'INLINE',"
                    + "'format':'JSON_ARRAY',"
                    + "'parameters':[{'name':'x','type':'BIGINT','value':'5'}],"
                    + "'query_tags':[{'key':'viewexport','value':'j-1:v2:a3:merge4'}]}"));
  }

  @Test
  void anAnswerWithoutAnIdIsALostOne() {
    answers.put("POST /api/2.0/sql/statements", "{}");
    var subject = new WarehouseFailures.Subject("Nothing done", "wh 1", Finalizer.TARGET);
    StatementTag tag = new StatementTag(new JobId("j"), 0, 1, "merge", 1);
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> warehouse.submit(SqlStatement.of("X"), tag, subject, stop))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN));
  }

  @Test
  void whatMayRunTwiceIsSentAgainWhateverBecameOfIt() {
    answers.put("POST /api/2.0/sql/statements", "{}");
    var subject = new WarehouseFailures.Subject("Nothing done", "wh 1", Finalizer.TARGET);
    StatementTag tag = new StatementTag(new JobId("j"), 0, 1, "check", 1);
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> warehouse.submitHarmless(SqlStatement.of("X"), tag, subject, stop))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.RETRYABLE));
    assertThat(calls.get(0).repeat()).isEqualTo(WorkspaceCall.Repeat.ALWAYS);
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING,false,false",
    "RUNNING,false,false",
    "SUCCEEDED,true,true",
    "CLOSED,true,true",
    "FAILED,true,false",
    "CANCELED,true,false"
  })
  void knowsEveryState(String state, boolean isFinal, boolean isApplied) {
    answers.put("GET /api/2.0/sql/statements/s1", "{'status':{'state':'" + state + "'}}");
    StatementAnswer.State found = warehouse.find("s1", stop).orElseThrow().state();
    assertThat(found.isFinal()).isEqualTo(isFinal);
    assertThat(found.isApplied()).isEqualTo(isApplied);
  }

  @Test
  void readsAllChunksOfAResult() {
    answers.put(
        "GET /api/2.0/sql/statements/s1",
        "{'status':{'state':'SUCCEEDED'},'manifest':{'schema':{'columns':[{'name':'a'},{'name':'b'}]}},"
            + "'result':{'data_array':[['1',null]],'next_chunk_index':1}}");
    answers.put(
        "GET /api/2.0/sql/statements/s1/result/chunks/1",
        "{'data_array':[['2','x']],'next_chunk_index':2}");
    answers.put("GET /api/2.0/sql/statements/s1/result/chunks/2", "{'data_array':[['3','y']]}");

    var rows = warehouse.rows("s1", stop).orElseThrow();
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0)).containsEntry("a", "1").containsEntry("b", null);
    assertThat(rows.get(2)).containsEntry("b", "y");

    answers.remove("GET /api/2.0/sql/statements/s1/result/chunks/2");
    assertThat(warehouse.rows("s1", stop)).isEmpty();
  }

  @Test
  void searchesThePagesOfTheHistory() {
    String first =
        "GET /api/2.0/sql/history/queries?filter_by.warehouse_ids=wh%201"
            + "&filter_by.query_start_time_range.start_time_ms=5000&max_results=500";
    answers.put(
        first,
        "{'has_next_page':true,'next_page_token':'p/2','res':[{'query_id':'1','status':'RUNNING','query_text':'cut"
            + " off',"
            + "'query_tags':[{'key':'team','value':'x'},{'key':'viewexport','value':'j:v0:a1:merge1'}]},{'query_id':'2','status':'FINISHED','query_text':'SELECT"
            + " 1'},{'query_id':'3','status':'FINISHED','query_text':'/* viewexport:k:v0:a1:merge1"
            + " */ M'}]}");
    answers.put(
        first + "&page_token=p%2F2",
        "{'has_next_page':false,'res':[{'query_id':'4','status':'FINISHED','query_text':'/*"
            + " viewexport:j:v0:a2:merge2 */"
            + " MERGE'},{'query_id':'5','status':'QUEUED','query_text':'SELECT 1 /*"
            + " viewexport:j:v0:a2:merge3 */'}]}");

    List<PastStatement> found =
        warehouse.history(Instant.ofEpochMilli(5000), tag -> tag.job().value().equals("j"), stop);

    assertThat(found)
        .extracting(PastStatement::id, PastStatement::state)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("1", StatementAnswer.State.RUNNING),
            org.assertj.core.groups.Tuple.tuple("4", StatementAnswer.State.CLOSED));
  }

  @Test
  void whatNeverEndsIsNotReadForEver() {
    answers.put(
        "GET /api/2.0/sql/statements/s1",
        "{'status':{'state':'SUCCEEDED'},'result':{'data_array':[],'next_chunk_index':1}}");
    answers.put("GET /api/2.0/sql/statements/s1/result/chunks/1", "{'next_chunk_index':1}");
    String history = "GET /api/2.0/sql/history/queries?filter_by.statement_ids=s1&max_results=1";
    answers.put(history, "{'has_next_page':true,'next_page_token':'p'}");
    answers.put(history + "&page_token=p", "{'has_next_page':true,'next_page_token':'p'}");

    for (Runnable call :
        List.<Runnable>of(
            () -> warehouse.rows("s1", stop), () -> warehouse.findInHistory("s1", stop))) {
      assertThatExceptionOfType(ExportException.class)
          .isThrownBy(call::run)
          .satisfies(e -> assertThat(e.code()).isEqualTo("warehouse-answer-not-understood"));
    }
  }

  @Test
  void looksTheWarehouseUp() {
    answers.put(
        "GET /api/2.0/sql/warehouses/wh%201",
        "{'id':'wh 1','name':'main','state':'STOPPED','enable_serverless_compute':true}");
    assertThat(warehouse.info(stop)).isEqualTo(new WarehouseInfo("main", "STOPPED", true));
    answers.clear();
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> warehouse.info(stop))
        .satisfies(e -> assertThat(e.code()).isEqualTo("warehouse-not-found"));
  }

  @Test
  void shortStatementsAreWaitedFor() {
    answers.put("POST /api/2.0/sql/statements", "{'statement_id':'s1'}");
    answers.put("GET /api/2.0/sql/statements/s1", "{'status':{'state':'PENDING'}}");
    List<Duration> pauses = new ArrayList<>();
    StatementRun run =
        new StatementRun(
            warehouse,
            WarehouseSettings.DEFAULT,
            pause -> {
              pauses.add(pause);
              if (pauses.size() == 6) {
                answers.put(
                    "GET /api/2.0/sql/statements/s1",
                    "{'status':{'state':'FAILED','error':{'message':'[FIELD_ALREADY_EXISTS]'}}}");
              }
            });
    var purpose = new StatementRun.Purpose("Target not prepared", Finalizer.TARGET, 0);

    assertThat(run.await(SqlStatement.of("ALTER"), purpose, call)).isEmpty();

    assertThat(pauses)
        .extracting(Duration::toMillis)
        .isEqualTo(Arrays.asList(500L, 1000L, 2000L, 4000L, 5000L, 5000L));
  }
}
