// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole library, from views of a real PostgreSQL to files. */
class EndToEndTest {
  private static EmbeddedPostgres postgres;

  @TempDir Path root;

  @BeforeAll
  static void start() throws IOException, SQLException {
    postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create schema sof;
          create view sof.patient as
            select 'p' || n as id, 'name, "' || n || '"' as name, n % 2 = 0 as active,
              (n * 1.10)::numeric(10, 2) as weight, date '2024-02-29' + n as born,
              timestamptz '2024-01-01 00:00:00.5+02' as updated_at, '{"n": 1}'::jsonb as extra
            from generate_series(1, 5000) n;
          create view sof.empty as select * from sof.patient where false;
          create view sof.address as
            select 'p' || n % 10 as id, 'street ' || n as line from generate_series(1, 100) n;
          """);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Test
  void severalViewsInFormsOfTheirOwn() throws IOException {
    ExportJob job =
        run(
            ExportRequest.builder(FileBackend.KIND)
                .options(ViewOptions.builder().chunkCount(3).build())
                .parameter("outputPath", "nightly")
                .view(view("patient", Map.of()))
                .view(view("empty", Map.of("_format", "csv")))
                .view(view("address", Map.of("_format", "parquet", "duplicateKeys", "keep")))
                .build());

    assertThat(job.state()).as("%s", job.failure()).isEqualTo(JobState.COMPLETED);
    assertThat(job.outputs()).extracting(ExportOutput::rowCount).containsExactly(5000L, 0L, 100L);
    Path patient = root.resolve("nightly").resolve(job.id().value()).resolve("patient");
    assertThat(job.outputs().get(0).location())
        .contains(patient.resolve("_manifest.json").toUri().toString());
    assertThat(patients(patient)).containsExactlyInAnyOrderElementsOf(expectedIds());
    assertThat(files(job, 1))
        .singleElement()
        .satisfies(
            file -> assertThat(file).hasContent("id,name,active,weight,born,updated_at,extra"));
    assertThat(files(job, 2)).allMatch(file -> file.toString().endsWith(".parquet"));
    assertThat(root.resolve("nightly/.viewexport-staging")).doesNotExist();
  }

  @Test
  void aViewWithRepeatedKeysFailsAndLeavesNothing() throws IOException {
    ExportJob job =
        run(ExportRequest.builder(FileBackend.KIND).view(view("address", Map.of())).build());

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().last().code()).isEqualTo("duplicate-key");
    assertThat(job.failure().orElseThrow().last().message()).contains("90 rows");
    assertThat(root).isEmptyDirectory();
  }

  private static ViewRequest view(String name, Map<String, String> parameters) {
    return new ViewRequest(name, new ViewName("sof", name), ViewOptions.UNSET, parameters);
  }

  private static List<String> expectedIds() {
    return IntStream.rangeClosed(1, 5000).mapToObj(n -> "p" + n).toList();
  }

  private static List<String> patients(Path folder) throws IOException {
    List<String> ids = new ArrayList<>();
    for (Path part : ReadOutput.parts(folder)) {
      for (String line : Files.readAllLines(part)) {
        JsonNode patient = JsonMapper.builder().build().readTree(line);
        int number = Integer.parseInt(patient.get("id").asText().substring(1));
        assertThat(patient.get("name").asText()).isEqualTo("name, \"" + number + "\"");
        assertThat(patient.get("active").booleanValue()).isEqualTo(number % 2 == 0);
        assertThat(patient.get("weight").doubleValue()).isEqualTo(number * 110 / 100.0);
        assertThat(patient.get("updated_at").asText()).isEqualTo("2023-12-31T22:00:00.500Z");
        assertThat(patient.get("extra").asText()).isEqualTo("{\"n\": 1}");
        ids.add(patient.get("id").asText());
      }
    }
    return ids;
  }

  private static List<Path> files(ExportJob job, int output) throws IOException {
    URI location = URI.create(job.outputs().get(output).location().orElseThrow());
    return FileManifest.read(location).locations(location).stream().map(Path::of).toList();
  }

  private ExportJob run(ExportRequest request) {
    FileBackendConfig config =
        FileBackendConfig.builder().allowedRoots(List.of(root)).maxPartRows(1000).build();
    try (JobStore store = InMemoryJobStore.create();
        FileBackend backend = FileBackend.create(config);
        ExportService service =
            ExportService.builder()
                .store(store)
                .source(PostgresViewSource.create(postgres.getPostgresDatabase()))
                .backend(backend)
                .build()) {
      ExportJob job = service.submit(request);
      while (!job.state().isFinal() || job.cleanup() != CleanupState.DONE) {
        service.runOnce();
        job = service.find(job.id()).orElseThrow();
      }
      return job;
    }
  }
}
