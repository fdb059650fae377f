// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.view.ResolvedView;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewReference;
import io.viewexport.core.ExportService;
import io.viewexport.core.fhir.ExportOperation;
import io.viewexport.core.fhir.ExportOperationConfig;
import io.viewexport.core.fhir.OperationRequest;
import io.viewexport.core.fhir.OperationResponse;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.InMemoryLake;
import io.viewexport.testkit.TestPostgres;
import io.viewexport.testkit.internal.Race;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of somebody who means no good, on the real store and the real source. */
class OperationAttacksTest {
  private static final String KICK_OFF = "/ViewDefinition/$viewdefinition-export";
  private static final Pattern ID = Pattern.compile("\"exportId\",\"valueString\":\"([^\"]+)\"");
  private static final int THREADS = 16;

  private final DataSource database = TestPostgres.database("attacks");
  private final JobStore store = PostgresJobStore.open(database);
  private final ExportService exports = server();
  private final ExportOperation operation = operation(exports);

  @BeforeEach
  void fill() {
    TestPostgres.run(
        database,
        """
        TRUNCATE viewexport.job CASCADE;
        DROP SCHEMA IF EXISTS sof CASCADE;
        CREATE SCHEMA sof;
        CREATE TABLE sof.v AS SELECT 'r' || n AS id, timestamptz '2026-01-01' AS updated
          FROM generate_series(1, 5) n;
        """);
  }

  @AfterEach
  void close() {
    exports.close();
    store.close();
  }

  private ExportService server() {
    return ExportService.builder()
        .store(store)
        .source(PostgresViewSource.create(database))
        .backend(new InMemoryBackend(new InMemoryLake()))
        .build();
  }

  private static ExportOperation operation(ExportService exports) {
    return ExportOperation.create(
        exports,
        OperationAttacksTest::resolve,
        config().baseUrl("https://example.org/fhir").build());
  }

  private static ExportOperationConfig.Builder config() {
    return ExportOperationConfig.builder().defaultKind("memory");
  }

  /** One relation, whatever the definition is called; inline ones are welcome, URLs unknown. */
  private static Optional<ResolvedView> resolve(
      ViewReference reference, Optional<String> principal) {
    if (reference instanceof ViewReference.ByCanonical) {
      return Optional.empty();
    }
    String definition =
        reference instanceof ViewReference.Inline inline ? inline.definition() : definition("v");
    return Optional.of(ResolvedView.of(new ViewName("sof", "v"), definition));
  }

  private static String definition(String name) {
    return """
        {"resourceType": "ViewDefinition", "name": "%s", "resource": "Basic", "select": [{"column": [
          {"name": "id", "path": "id"}, {"name": "updated", "path": "meta.lastUpdated"}]}]}
        """
        .formatted(name);
  }

  private static OperationRequest.Builder kickOff(String... parameters) {
    String view =
        "{\"name\": \"view\", \"part\": [{\"name\": \"viewReference\","
            + " \"valueReference\": {\"reference\": \"ViewDefinition/v\"}}]}";
    List<String> all = new ArrayList<>(List.of(parameters));
    if (!String.join("", parameters).contains("\"view\"")) {
      all.add(view);
    }
    String body =
        "{\"resourceType\": \"Parameters\", \"parameter\": [" + String.join(",", all) + "]}";
    return OperationRequest.builder("POST", KICK_OFF)
        .header("Prefer", "respond-async")
        .body(body.getBytes(StandardCharsets.UTF_8));
  }

  private static String param(String name, String type, String json) {
    return "{\"name\": \"" + name + "\", \"value" + type + "\": " + json + "}";
  }

  private static String exportId(OperationResponse accepted) {
    Matcher id = ID.matcher(accepted.body());
    return id.find() ? id.group(1) : "";
  }

  private int jobs() {
    return store.list(JobFilter.builder().limit(100).build()).size();
  }

  private ExportJob run(String id) {
    while (exports.runOnce()) {
      assertThat(exports.isHealthy()).isTrue();
    }
    return exports.find(new JobId(id)).orElseThrow();
  }

  /** Each thread is a server of its own; half of them ask for something else. */
  @Test
  void oneKeyFromManyThreadsIsOneJob() {
    List<ExportOperation> servers = List.of(operation, operation(server()));
    for (int round = 1; round <= 8; round++) {
      String key = "key " + round;
      List<OperationResponse> answers =
          Race.of(
              THREADS,
              number ->
                  servers
                      .get(number % servers.size())
                      .handle(
                          kickOff(param("clientTrackingId", "String", "\"" + number / 8 + "\""))
                              .header("Idempotency-Key", key)
                              .build()));
      assertThat(jobs()).isEqualTo(round);
      Set<String> ids = new HashSet<>();
      Set<Integer> winners = new HashSet<>();
      for (int number = 0; number < THREADS; number++) {
        OperationResponse answer = answers.get(number);
        assertThat(answer.status()).as(answer.body()).isIn(202, 409);
        if (answer.status() == 202) {
          ids.add(exportId(answer));
          winners.add(number / 8);
        }
      }
      assertThat(ids).as("export ids").hasSize(1);
      assertThat(winners).as("bodies that were accepted").hasSize(1);
      assertThat(answers).filteredOn(answer -> answer.status() == 202).hasSize(8);
    }
  }

  /** What PostgreSQL's text can't hold, and what is longer than an index takes. */
  @ParameterizedTest
  @ValueSource(strings = {"a\\u0000b", "a\\ud800b", "\\udc00", "LONG"})
  void textsThatCanNotBeStoredAreRefused(String text) {
    String json = "\"" + text.replace("LONG", "x".repeat(70_000)) + "\"";
    String inline = definition("NAME").replace("\"NAME\"", json);
    String part = "{\"name\": \"view\", \"part\": [%s]}";
    String reference =
        param("viewReference", "Reference", "{\"reference\": \"ViewDefinition/v\"}") + ",";
    for (String attack :
        List.of(
            param("clientTrackingId", "String", json),
            param("mergeKey", "String", json),
            param("timestampColumn", "String", json),
            param("patientColumn", "String", json),
            param("target", "String", json),
            part.formatted(reference + param("name", "String", json)),
            part.formatted(reference + param("target", "String", json)),
            part.formatted(param("viewCanonical", "Canonical", json)),
            part.formatted("{\"name\": \"viewResource\", \"resource\": " + inline + "}"))) {
      OperationResponse answer = operation.handle(kickOff(attack).build());
      assertThat(answer.status())
          .as(attack.substring(0, Math.min(90, attack.length())))
          .isBetween(400, 422);
      assertThat(answer.body()).hasSizeLessThan(3000);
    }
    assertThat(jobs()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"k\0", "\ud800", "LONG", ""})
  void keysThatCanNotBeStoredAreRefused(String key) {
    OperationResponse answer =
        operation.handle(
            kickOff().header("Idempotency-Key", key.replace("LONG", "k".repeat(300))).build());
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(jobs()).isZero();
  }

  @Test
  void otherTextsComeBackAsTheyWere() {
    String odd = "€ \uD83D\uDE00 'x'; \"; -- \\ \u202e\u0001 {}";
    String json = odd.replace("\\", "\\\\").replace("\"", "\\\"").replace("\u0001", "\\u0001");
    OperationResponse accepted =
        operation.handle(
            kickOff(
                    param("clientTrackingId", "String", "\"" + json + "\""),
                    param("target", "String", "\"" + json + "\""))
                .header("Idempotency-Key", odd)
                .build());
    ExportJob job = run(exportId(accepted));
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.request().clientTrackingId()).contains(odd);
  }

  /** Refused, or exported: an odd time does not fail a job. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.999999999-18:00",
        "2026-01-31T24:00:00Z",
        "2026-06-30T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2026-01-31T00:00:00+24:00",
        "2026-01-31T00:00:00-00:00",
        "2026-01-31T00:00:00.1Z",
        "2026-01-31T00:00:00.123456789+05:45",
        "2026-01-31T00:00:00.1234567890Z",
        "2026-01-31T00:00Z",
        "2026-01-31t00:00:00z",
        " 2026-01-31T00:00:00Z",
        "2026-01-31T00:00:00Z'; DROP SCHEMA sof CASCADE; --"
      })
  void oddTimesAreRefusedOrExported(String since) {
    OperationResponse answer =
        operation.handle(kickOff(param("_since", "Instant", "\"" + since + "\"")).build());
    assertThat(answer.status()).as(answer.body()).isIn(202, 400);
    if (answer.status() == 202) {
      assertThat(run(exportId(answer)).state()).isEqualTo(JobState.COMPLETED);
    } else {
      assertThat(jobs()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "respond-async; wait=0",
        "RESPOND-ASYNC",
        "handling=strict, respond-async",
        "respond-async, respond-async"
      })
  void takesEveryPreferenceThatMeansIt(String prefer) {
    OperationRequest.Builder request = kickOff().header("Accept", "text/plain;q=0, */*;q=banana");
    assertThat(operation.handle(request.header("Prefer", prefer).build()).status()).isEqualTo(202);
  }

  /** No line break of a request gets into a header. */
  @Test
  void noHeaderCanBeAdded() {
    String broken = "x\r\nSet-Cookie: a=b";
    ExportOperation baseless =
        ExportOperation.create(exports, OperationAttacksTest::resolve, config().build());
    List<OperationResponse> answers =
        List.of(
            operation.handle(
                kickOff(param("clientTrackingId", "String", "\"x\\r\\nSet-Cookie: a=b\""))
                    .principal(broken)
                    .header("Idempotency-Key", broken)
                    .build()),
            operation.handle(
                OperationRequest.builder("GET", KICK_OFF + "/status/" + broken).build()),
            operation.handle(
                OperationRequest.builder("GET", KICK_OFF + "/status")
                    .query("_after=" + broken)
                    .build()),
            operation.handle(
                OperationRequest.builder("POST", "/ViewDefinition/" + broken + "/$sql-export")
                    .build()),
            baseless.handle(kickOff().baseUrl("https://example.org/" + broken).build()));
    for (OperationResponse answer : answers) {
      assertThat(answer.headers().toString()).doesNotContain("\r", "\n", "Set-Cookie");
    }
    assertThat(answers.get(0).status()).isEqualTo(202);
  }

  /** From the kick-off to long after the end: no poll is answered by an error of the server. */
  @Test
  void everyMomentHasAnAnswer() {
    String id = exportId(operation.handle(kickOff().build()));
    String status = KICK_OFF + "/status/" + id;
    List<Integer> seen = new ArrayList<>();
    boolean more = true;
    while (more) {
      for (String path : List.of(status, status.replace("/status/", "/result/"))) {
        seen.add(operation.handle(OperationRequest.builder("GET", path).build()).status());
      }
      more = exports.runOnce();
    }
    assertThat(seen).containsOnly(202, 404, 200).endsWith(200, 200);
    TestPostgres.moveTimesBack(database, exports.config().retention().plusDays(1));
    exports.maintain();
    assertThat(jobs()).isZero();
    assertThat(operation.handle(OperationRequest.builder("GET", status).build()).status())
        .isEqualTo(404);
    assertThat(operation.handle(OperationRequest.builder("DELETE", status).build()).status())
        .isEqualTo(404);
  }
}
