// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportService;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.ExportOperationConfig;
import io.viewexport.core.fhir.LakeBackend;
import io.viewexport.core.fhir.OperationRequest;
import io.viewexport.core.fhir.OperationResponse;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The operation on real tables: definitions, relations and jobs. */
class OperationOnPostgresTest {
  private static final String DEFINITION =
      """
      {"resourceType": "ViewDefinition", "name": "observation_flat", "resource": "Observation",
       "url": "http://example.org/ViewDefinition/observation_flat",
       "select": [
         {"column": [{"name": "observation_id", "path": "getResourceKey()", "type": "id"},
                     {"name": "patient_id", "path": "subject.getReferenceKey(Patient)"},
                     {"name": "ts", "path": "meta.lastUpdated", "type": "instant"},
                     {"name": "effective", "path": "effective.ofType(dateTime)", "type": "dateTime"},
                     {"name": "value", "path": "value.ofType(Quantity).value", "type": "decimal"}]},
         {"forEachOrNull": "code.coding.first()",
          "column": [{"name": "code", "path": "code", "type": "code"}]}]}
      """;

  private final String schema = TestDatabase.newSchema();

  private void load() {
    TestDatabase.execute(
        "create table %s.definition (id text, resource jsonb)".formatted(schema),
        "insert into %s.definition values ('obs', '%s')"
            .formatted(schema, DEFINITION.replace("'", "''")),
        "create table %s.observation_flat (observation_id text, patient_id text, ts timestamptz,"
                .formatted(schema)
            + " effective text, value numeric(10,2), code text)");
  }

  private static OperationResponse start(ExportOperation operation, String params) {
    String body =
        """
        {"resourceType": "Parameters", "parameter": [
          {"name": "view", "part": [
            {"name": "viewReference", "valueReference": {"reference": "ViewDefinition/obs"}}]}%s]}
        """
            .formatted(params);
    return operation.handle(
        OperationRequest.builder("POST", "/$viewdefinition-export")
            .header("Prefer", "respond-async")
            .header("Idempotency-Key", "one")
            .body(body.getBytes(StandardCharsets.UTF_8))
            .build());
  }

  @Test
  void exportsAViewByItsDefinition() {
    load();
    try (JobStore store = PostgresJobStore.open(TestDatabase.dataSource());
        ExportService exports =
            ExportService.builder()
                .store(store)
                .source(TestDatabase.source())
                .backend(new LakeBackend())
                .build()) {
      ExportOperation operation =
          ExportOperation.create(
              exports,
              PostgresViewResolver.create(
                  TestDatabase.dataSource(), new ViewName(schema, "definition"), schema),
              ExportOperationConfig.builder()
                  .baseUrl("http://here")
                  .defaultKind(LakeBackend.KIND)
                  .build());
      String params =
          """
          , {"name": "_since", "valueInstant": "2026-01-01T00:00:00Z"},
          {"name": "_format", "valueCode": "csv"}
          """;
      OperationResponse kickOff = start(operation, params);
      assertThat(kickOff.status()).as(kickOff.body()).isEqualTo(202);
      assertThat(start(operation, params)).isEqualTo(kickOff);
      assertThat(start(operation, "").status()).isEqualTo(409);
      ExportJob job = exports.list(JobFilter.NEWEST).get(0);
      assertThat(job.request().views().get(0).options().mergeKey())
          .containsExactly("observation_id");
      assertThat(job.request().views().get(0).options().timestampColumn()).contains("ts");
      assertThat(job.request().views().get(0).options().patientColumn()).contains("patient_id");
      assertThat(job.request().notes()).containsEntry("_format", "csv");
      assertThat(store.load(job.id()).orElseThrow().views().get(0).description().schema().columns())
          .extracting(column -> column.type())
          .containsExactly(
              ColumnType.STRING,
              ColumnType.STRING,
              ColumnType.TIMESTAMP,
              ColumnType.STRING,
              ColumnType.DOUBLE,
              ColumnType.STRING);
      while (exports.runOnce()) {
        assertThat(exports.isHealthy()).isTrue();
      }
      String location =
          kickOff.headers().getOrDefault("Content-Location", "").substring("http://here".length());
      OperationResponse end = operation.handle(OperationRequest.builder("GET", location).build());
      assertThat(end.status()).as(end.body()).isEqualTo(200);
      assertThat(end.body()).contains("\"completed\"", "lake:observation_flat", "\"csv\"");
    }
  }
}
