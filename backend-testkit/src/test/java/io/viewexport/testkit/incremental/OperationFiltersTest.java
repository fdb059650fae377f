// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportService;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.ExportOperationConfig;
import io.viewexport.core.fhir.OperationRequest;
import io.viewexport.core.fhir.OperationResponse;
import io.viewexport.core.source.FolderViewResolver;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.InMemoryLake;
import io.viewexport.testkit.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operations' filters by patient and group on a real database, against brute force. */
class OperationFiltersTest {
  private static final int ROUNDS = 40;
  private static final long SEED = Long.getLong("viewexport.seed", System.nanoTime());
  private static final Pattern ID = Pattern.compile("\"exportId\",\"valueString\":\"([^\"]+)\"");

  /** By view, the column of the patient's key; that of encounters holds references. */
  private static final Map<String, Integer> VIEWS =
      Map.of("patients", 0, "conditions", 1, "encounters", 1);

  private static final Map<String, Set<String>> GROUPS =
      Map.of("Group/none", Set.of(), "Group/a", Set.of("p1", "p2"), "Group/b", Set.of("p2", "p5"));

  private final DataSource database = TestPostgres.database("filters");
  private final Random random = new Random(SEED);
  private final Map<String, List<List<@Nullable Object>>> rows =
      VIEWS.keySet().stream().collect(Collectors.toMap(view -> view, view -> new ArrayList<>()));

  @TempDir private Path folder;

  @BeforeEach
  void fill() throws IOException {
    define("patients", "Patient", "id", "getResourceKey()");
    define("conditions", "Condition", "who", "subject.getReferenceKey(Patient)");
    define("encounters", "Encounter", "who", "subject.getReferenceKey(Patient)");
    TestPostgres.run(
        database,
        """
        DROP SCHEMA IF EXISTS sof CASCADE;
        CREATE SCHEMA sof;
        CREATE TABLE sof.patients (id text);
        INSERT INTO sof.patients SELECT 'p' || i FROM generate_series(0, 9) i;
        CREATE TABLE sof.conditions AS
          SELECT 'c' || i AS id, CASE WHEN i % 11 < 10 THEN 'p' || i % 11 END AS who
          FROM generate_series(1, 100) i;
        CREATE VIEW sof.encounters AS SELECT id, 'Patient/' || who AS who FROM sof.conditions
        """);
    rows.forEach((view, found) -> found.addAll(TestRows.read(database, name(view)).rows()));
  }

  private void define(String view, String resource, String column, String path) throws IOException {
    String id = column.equals("id") ? "" : "{\"name\": \"id\", \"path\": \"getResourceKey()\"},";
    Files.writeString(
        folder.resolve(view + ".json"),
        """
        {"resourceType": "ViewDefinition", "name": "%s", "resource": "%s",
         "select": [{"column": [%s {"name": "%s", "path": "%s"}]}]}
        """
            .formatted(view, resource, id, column, path));
  }

  private static ViewName name(String view) {
    return new ViewName("sof", view);
  }

  /** Keys as the columns hold them: ids and references. */
  private static Optional<Set<String>> members(String group) {
    return Optional.ofNullable(GROUPS.get(group))
        .map(
            ids ->
                ids.stream()
                    .flatMap(id -> Stream.of(id, "Patient/" + id))
                    .collect(Collectors.toSet()));
  }

  private List<String> some(List<String> of) {
    int most = random.nextInt(3);
    return IntStream.range(0, most).mapToObj(i -> of.get(random.nextInt(of.size()))).toList();
  }

  private static Stream<String> references(String name, List<String> references) {
    return references.stream()
        .map(
            reference ->
                "{\"name\": \"%s\", \"valueReference\": {\"reference\": \"%s\"}}"
                    .formatted(name, reference));
  }

  private static String body(boolean sql, List<String> patients, List<String> groups, int chunks) {
    String view =
        """
        {"name": "%s", "part": [
          {"name": "%sReference", "valueReference": {"reference": "ViewDefinition/%s"}}]}
        """;
    String face = sql ? "subject" : "view";
    Stream<String> views = VIEWS.keySet().stream().map(name -> view.formatted(face, face, name));
    Stream<String> options =
        Stream.of(
            "{\"name\": \"kind\", \"valueCode\": \"memory\"}",
            "{\"name\": \"chunkCount\", \"valuePositiveInt\": %d}".formatted(chunks));
    return Stream.of(views, options, references("patient", patients), references("group", groups))
        .flatMap(params -> params)
        .collect(
            Collectors.joining(",", "{\"resourceType\": \"Parameters\", \"parameter\": [", "]}"));
  }

  private Set<List<@Nullable Object>> expected(
      String view, List<String> patients, List<String> groups) {
    Set<String> members = new TreeSet<>();
    groups.forEach(group -> members.addAll(Objects.requireNonNull(GROUPS.get(group))));
    Set<List<@Nullable Object>> expected = new HashSet<>();
    for (List<@Nullable Object> row : rows.getOrDefault(view, List.of())) {
      Object key = row.get(VIEWS.getOrDefault(view, 0));
      String id = key == null ? "" : key.toString().replace("Patient/", "");
      boolean asked = patients.isEmpty() || patients.contains("Patient/" + id);
      if (asked && (groups.isEmpty() || members.contains(id))) {
        expected.add(row);
      }
    }
    return expected;
  }

  private ExportJob export(ExportService server, boolean sql, String body) {
    ExportOperation operation =
        ExportOperation.create(
            server,
            FolderViewResolver.create(folder),
            ExportOperationConfig.builder().baseUrl("https://example.org").build());
    OperationResponse response =
        operation.handle(
            OperationRequest.builder("POST", sql ? "/$sql-export" : "/$viewdefinition-export")
                .header("Prefer", "respond-async")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .build());
    Matcher id = ID.matcher(response.body());
    assertThat(id.find()).as(response.body()).isTrue();
    while (server.runOnce()) {
      assertThat(server.isHealthy()).isTrue();
    }
    server.maintain();
    return server.find(new JobId(id.group(1))).orElseThrow();
  }

  @Test
  void exportsTheRowsOfThePatientsAskedForAndNoOthers() {
    List<String> patients = IntStream.range(0, 12).mapToObj(i -> "Patient/p" + i).toList();
    for (int round = 0; round < ROUNDS; round++) {
      InMemoryLake lake = new InMemoryLake();
      List<String> wanted = some(patients);
      List<String> groups = some(GROUPS.keySet().stream().sorted().toList());
      boolean sql = random.nextBoolean();
      String what = "seed %d, %s, %s, sql %s".formatted(SEED, wanted, groups, sql);
      try (ExportService server =
          ExportService.builder()
              .store(InMemoryJobStore.create())
              .source(PostgresViewSource.create(database))
              .backend(new InMemoryBackend(lake))
              .groupMembers((group, principal) -> members(group))
              .build()) {
        ExportJob job = export(server, sql, body(sql, wanted, groups, 1 + random.nextInt(2)));
        assertThat(job.state()).as(what).isEqualTo(JobState.COMPLETED);
        assertThat(job.snapshotMode())
            .as(what)
            .isEqualTo(sql ? SnapshotMode.SHARED : SnapshotMode.PER_CHUNK);
      }
      for (String view : VIEWS.keySet()) {
        assertThat(new HashSet<>(lake.target(view).orElseThrow().rows()))
            .as("%s of %s", view, what)
            .isEqualTo(expected(view, wanted, groups));
      }
    }
  }
}
