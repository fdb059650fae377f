// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import io.viewexport.api.view.ViewResolver;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.ExportOperationConfig;
import io.viewexport.core.fhir.OperationRequest;
import io.viewexport.core.fhir.OperationResponse;
import io.viewexport.core.fhir.ResponseProfile;
import io.viewexport.core.source.FolderViewResolver;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.DeltaLakeConfig;
import io.viewexport.examples.files.FileBackend;
import io.viewexport.examples.files.FileBackendConfig;
import io.viewexport.examples.files.FileManifest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The request bodies of the specification's own examples, as they stand there (folder {@code
 * specification} of the resources), against both kinds that this server has.
 *
 * @see <a
 *     href="https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/OperationDefinition-ViewDefinitionExport.html">
 *     ViewDefinitionExport</a>
 * @see <a href="https://build.fhir.org/ig/HL7/sql-on-fhir/en/OperationDefinition-SQLExport.html">
 *     SQLExport</a>
 */
class SpecificationExamplesTest {
  private static final String VIEWS = "/ViewDefinition/$viewdefinition-export";
  private static final String SUBJECTS = "/$sql-export";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder = Path.of("");
  private final JobStore store = InMemoryJobStore.create();
  private boolean medicationsHaveTimes = true;
  private ExportService exports;

  @BeforeEach
  void open() throws Exception {
    Path lake = Files.createDirectories(folder.toRealPath().resolve("lake"));
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(TestServers.jdbcUrl());
    TestServers.execute(
        """
        DROP VIEW IF EXISTS sof.patient_demographics, sof.encounters, sof.active_medications;
        CREATE VIEW sof.patient_demographics AS
          SELECT id, 'female' AS gender, timestamptz '2026-01-02' AS last_updated
          FROM unnest(ARRAY['cohort-123', '123', '456', '789']) id;
        CREATE VIEW sof.encounters AS
          SELECT 'e' || n AS id, (ARRAY['123', '456', '789'])[1 + n % 3] AS patient_id
          FROM generate_series(1, 9) n;
        CREATE VIEW sof.active_medications AS
          SELECT 'm' || n AS medication_id, 'aspirin' AS medication_name,
            date '2025-12-01' + n AS prescribed_date,
            'Patient/' || (ARRAY['cohort-123', '789'])[1 + n % 2] AS patient_ref,
            timestamptz '2025-12-31' + n * interval '1 day' AS changed_at
          FROM generate_series(0, 9) n
        """);
    for (String id :
        List.of("patient-demographics", "patient-demographics-v2", "patient_demographics")) {
      define(
          id,
          "patient_demographics",
          "Patient",
          """
          {"name": "gender", "path": "gender"}, {"name": "last_updated", "path": "meta.lastUpdated"}
          """);
    }
    define(
        "encounters",
        "encounters",
        "Encounter",
        """
        {"name": "patient_id", "path": "subject.getReferenceKey(Patient)"}
        """);
    exports =
        ExportService.builder()
            .store(store)
            .source(PostgresViewSource.create(database))
            .backend(
                DeltaLakeBackend.create(
                    DeltaLakeConfig.builder().allowedRoots(List.of(lake)).build()))
            .backend(
                FileBackend.create(FileBackendConfig.builder().allowedRoots(List.of(lake)).build()))
            .config(ExportConfig.builder().workerSlots(4).poolSize(8).build())
            .build();
  }

  @AfterEach
  void close() {
    exports.close();
    store.close();
  }

  private void define(String id, String name, String resource, String columns) throws IOException {
    Files.writeString(
        folder.resolve(id + ".json"),
        """
        {"resourceType": "ViewDefinition", "name": "%s", "resource": "%s", "version": "2.1.0",
         "url": "http://example.org/ViewDefinition/%s",
         "select": [{"column": [{"name": "id", "path": "getResourceKey()"}, %s]}]}
        """
            .formatted(name, resource, id, columns));
  }

  /** A host that keeps the relations of inline definitions that it knows. */
  private ViewResolver resolver() {
    FolderViewResolver stored = FolderViewResolver.create(folder);
    return (reference, principal) -> {
      if (reference instanceof ViewReference.Inline inline
          && inline.definition().contains("active_medications")) {
        ResolvedView view =
            ResolvedView.of(new ViewName("sof", "active_medications"), inline.definition());
        return Optional.of(medicationsHaveTimes ? view.withTimestampColumn("changed_at") : view);
      }
      return stored.resolve(reference, principal);
    };
  }

  private static JsonNode example(String name) throws IOException {
    Path examples = Path.of("src/test/resources/io/viewexport/examples/server/specification");
    return JSON.readTree(Files.readString(examples.resolve(name + ".json")));
  }

  private OperationResponse kickOff(String kind, String path, JsonNode body) {
    ExportOperation operation =
        ExportOperation.create(
            exports,
            resolver(),
            ExportOperationConfig.builder()
                .baseUrl("https://example.com/fhir")
                .profile(ResponseProfile.SPEC)
                .defaultKind(kind)
                .build());
    return operation.handle(
        OperationRequest.builder("POST", path)
            .header("Content-Type", "application/fhir+json")
            .header("Prefer", "respond-async")
            .header("Accept", "application/fhir+json")
            .body(body.toString().getBytes(StandardCharsets.UTF_8))
            .build());
  }

  /** Lets the export run to its end; each output's rows by its name. */
  private Map<String, List<String>> run(OperationResponse accepted) throws IOException {
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    String status = accepted.headers().getOrDefault("Content-Location", "");
    JobId id = new JobId(status.substring(status.lastIndexOf('/') + 1));
    while (!exports.find(id).orElseThrow().state().isFinal()) {
      exports.runOnce();
    }
    ExportJob job = exports.find(id).orElseThrow();
    assertThat(job.state()).as("%s", job.failure()).isEqualTo(JobState.COMPLETED);
    Map<String, List<String>> files = new TreeMap<>();
    for (ExportOutput output : job.outputs()) {
      URI manifest = URI.create(output.location().orElseThrow());
      List<String> lines = new ArrayList<>();
      for (URI part : FileManifest.read(manifest).locations(manifest)) {
        lines.add(output.rowCount() + " rows, " + part.getPath().replaceFirst(".*\\.", ""));
        if (part.getPath().endsWith(".csv")) {
          lines.addAll(Files.readAllLines(Path.of(part)));
        }
      }
      files.put(output.name(), lines);
    }
    return files;
  }

  private static List<String> issues(OperationResponse refused) throws IOException {
    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    List<String> issues = new ArrayList<>();
    for (JsonNode issue : JSON.readTree(refused.body()).path("issue")) {
      issues.add(
          issue.path("code").asText()
              + " "
              + issue
                  .path("expression")
                  .path(0)
                  .asText()
                  .replaceAll("Parameters\\.parameter|\\.where\\(name=|\\)|'", ""));
    }
    return issues;
  }

  private void assertNoJob() {
    assertThat(store.list(JobFilter.builder().limit(1).build())).isEmpty();
  }

  @Test
  void viewsByReferenceAndInlineForAPatientSinceThen() throws IOException {
    JsonNode body = example("views-by-reference-and-inline");
    OperationResponse accepted = kickOff(FileBackend.KIND, VIEWS, body);
    assertThat(accepted.body()).contains("monthly-report-2026-01");
    assertThat(run(accepted))
        .isEqualTo(
            Map.of(
                "demographics_summary", List.of("1 rows, parquet"),
                "active_medications", List.of("4 rows, parquet")));
  }

  @Test
  void aViewThatCanNotBeFilteredIsRefused() throws IOException {
    medicationsHaveTimes = false;
    OperationResponse refused =
        kickOff(FileBackend.KIND, VIEWS, example("views-by-reference-and-inline"));
    assertThat(issues(refused)).containsExactly("invalid _since");
    assertThat(refused.body()).contains("no-timestamp-column");
    assertNoJob();
  }

  @Test
  void aViewByItsCanonicalUrl() throws IOException {
    assertThat(run(kickOff(FileBackend.KIND, VIEWS, example("view-by-canonical"))))
        .isEqualTo(Map.of("patient_demographics", List.of("4 rows, parquet")));
  }

  /** SQLQuery can't be exported yet; without it the rest of the example can. */
  @Test
  void subjectsOfEveryKindForTwoPatients() throws IOException {
    JsonNode body = example("subjects-of-every-kind");
    assertThat(issues(kickOff(FileBackend.KIND, SUBJECTS, body)))
        .containsExactly(
            "invalid subject[2].partparameters[0]",
            "not-supported subject[2].partsubjectCanonical[0]");
    assertNoJob();
    ArrayNode parameters = (ArrayNode) body.get("parameter");
    for (int index = parameters.size() - 1; index >= 0; index--) {
      if (parameters.get(index).toString().contains("bp_summary")) {
        parameters.remove(index);
      }
    }
    Map<String, List<String>> files = run(kickOff(FileBackend.KIND, SUBJECTS, body));
    assertThat(files.get("demographics"))
        .contains("2 rows, csv", "id,gender,last_updated")
        .anyMatch(line -> line.startsWith("123,"))
        .anyMatch(line -> line.startsWith("456,"))
        .hasSize(4);
    assertThat(files.get("encounters")).contains("6 rows, csv").noneMatch(l -> l.contains("789"));
  }

  @ParameterizedTest
  @CsvSource({"inline-query", "context"})
  void whatIsNoViewIsRefused(String example) throws IOException {
    for (String kind : List.of(FileBackend.KIND, "data-lakehouse")) {
      assertThat(issues(kickOff(kind, SUBJECTS, example(example))))
          .anyMatch(issue -> issue.startsWith("not-supported subject[0].partsubject"));
    }
    assertNoJob();
  }

  @ParameterizedTest
  @CsvSource({
    "views-by-reference-and-inline," + VIEWS,
    "view-by-canonical," + VIEWS,
    "subjects-of-every-kind," + SUBJECTS
  })
  void aLakehouseHasNoFileFormats(String example, String path) throws IOException {
    assertThat(issues(kickOff("data-lakehouse", path, example(example))))
        .contains("not-supported _format[0]");
    assertNoJob();
    assertThat(folder.resolve("lake")).isEmptyDirectory();
  }
}
