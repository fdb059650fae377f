// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import static io.viewexport.core.fhir.OperationRig.TYPE_LEVEL;
import static io.viewexport.core.fhir.OperationRig.delete;
import static io.viewexport.core.fhir.OperationRig.get;
import static io.viewexport.core.fhir.OperationRig.issues;
import static io.viewexport.core.fhir.OperationRig.kind;
import static io.viewexport.core.fhir.OperationRig.param;
import static io.viewexport.core.fhir.OperationRig.parameters;
import static io.viewexport.core.fhir.OperationRig.path;
import static io.viewexport.core.fhir.OperationRig.post;
import static io.viewexport.core.fhir.OperationRig.started;
import static io.viewexport.core.fhir.OperationRig.values;
import static io.viewexport.core.fhir.OperationRig.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.ExportException;
import io.viewexport.api.view.ViewAdvice;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobLifeTest {
  private final OperationRig rig = new OperationRig();
  private final ExportOperation reference = rig.operation(ResponseProfile.REFERENCE);
  private final ExportOperation spec = rig.operation(ResponseProfile.SPEC);

  @AfterEach
  void close() {
    rig.exports.close();
  }

  private static int percent(OperationResponse response) {
    String progress = response.headers().getOrDefault("X-Progress", "");
    return Integer.parseInt(progress.substring(0, progress.indexOf('%')));
  }

  @Test
  void tellsHowAJobGetsOn() {
    String status =
        started(reference, kind(), view("patients"), param("chunkCount", "Integer", "4"));
    OperationResponse first = get(reference, status);
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.headers())
        .containsEntry("Content-Location", OperationRig.BASE + status)
        .containsEntry("X-Progress", "0%, queued, position 1")
        .containsEntry("Retry-After", "5")
        .containsEntry("Cache-Control", "no-store");
    assertThat(values(first))
        .containsEntry("status", "accepted")
        .containsEntry("queuePosition", "1")
        .doesNotContainKey("estimatedTimeRemaining");
    int last = 0;
    List<String> estimates = new ArrayList<>();
    while (rig.exports.runOnce()) {
      rig.clock.advance(Duration.ofSeconds(10));
      OperationResponse next = get(reference, status);
      if (next.status() == 202) {
        assertThat(percent(next)).isBetween(last, 99);
        last = percent(next);
        String left = values(next).getOrDefault("estimatedTimeRemaining", "");
        estimates.add(left);
        if (!left.isEmpty()) {
          int clamped = Math.max(1, Math.min(60, Integer.parseInt(left)));
          assertThat(next.headers()).containsEntry("Retry-After", Integer.toString(clamped));
        }
      }
    }
    // Setup, then four chunks of 22 hundredths each, ten seconds apart.
    assertThat(estimates).containsExactly("", "71", "37", "20", "6");
    assertThat(last).isEqualTo(90);
  }

  @Test
  void withholdsTheEstimateWhileNothingMoves() {
    String status =
        started(reference, kind(), view("patients"), param("chunkCount", "Integer", "4"));
    get(reference, status);
    for (int task = 0; task < 3; task++) {
      rig.exports.runOnce();
      rig.clock.advance(Duration.ofSeconds(1));
    }
    assertThat(values(get(reference, status))).containsKey("estimatedTimeRemaining");
    rig.clock.advance(Duration.ofMinutes(3));
    OperationResponse stalled = get(reference, status);
    assertThat(values(stalled)).doesNotContainKey("estimatedTimeRemaining");
    assertThat(stalled.headers()).containsEntry("Retry-After", "5");
    rig.exports.runOnce();
    assertThat(values(get(reference, status))).containsKey("estimatedTimeRemaining");
  }

  @Test
  void endsWith200AsTheReferenceDoes() {
    String status =
        started(reference, kind(), view("patients"), param("clientTrackingId", "String", "\"c\""));
    rig.drain();
    OperationResponse end = get(reference, status);
    assertThat(end.status()).isEqualTo(200);
    Map<String, String> values = values(end);
    assertThat(values)
        .containsEntry("status", "completed")
        .containsEntry("clientTrackingId", "c")
        .containsKeys("exportStartTime", "exportEndTime", "exportDuration")
        .doesNotContainKeys("estimatedTimeRemaining", "cancelUrl", "progress");
    assertThat(values.get("output")).contains("lake:patients", "merged", "rowCount");
    assertThat(end.headers()).containsKey("Expires").doesNotContainKey("Retry-After");
  }

  @Test
  void saysFromWhenOnTheNextExportReadsOrWhyNot() {
    String withheld = "\"code\",\"valueCode\":\"source-cannot-tell\"";
    String status = started(reference, kind(), view("patients"));
    assertThat(values(get(reference, status)))
        .containsEntry("snapshotMode", "per-chunk")
        .doesNotContainKeys("nextSince", "nextSinceWithheld");
    rig.drain();
    Map<String, String> end = values(get(reference, status));
    assertThat(end.get("nextSinceWithheld")).contains(withheld);
    assertThat(end.get("output")).contains("nextSinceWithheld", withheld);
    OperationResponse result = get(spec, status.replace("/status/", "/result/"));
    assertThat(values(result)).isEqualTo(end);
  }

  @Test
  void saysWhatMakesAViewSlowOrUnsafe() {
    rig.views.advice =
        (key, timestampColumn) ->
            List.of(new ViewAdvice("volatile-view", "Take \"x\" out of " + key + timestampColumn));
    String status =
        started(reference, kind(), view("patients"), param("mergeKey", "String", "\"gender\""));
    Map<String, String> running = values(get(reference, status));
    assertThat(running.get("advice"))
        .contains("\"view\",\"valueString\":\"patients\"", "\"valueCode\":\"volatile-view\"")
        .contains("Take \\\"x\\\" out of [gender]Optional[updated]");
    rig.drain();
    OperationResponse result = get(spec, status.replace("/status/", "/result/"));
    assertThat(values(result)).containsEntry("advice", running.get("advice"));

    ExportOperation quiet =
        rig.operation(
            OperationRig.config(ResponseProfile.REFERENCE)
                .advice(ExportOperationConfig.Advice.NONE)
                .build());
    assertThat(values(get(quiet, started(quiet, kind(), view("patients")))))
        .doesNotContainKey("advice");
  }

  @Test
  void exportsWhereAdviceCanNotBeHad() {
    rig.views.advice =
        (key, timestampColumn) -> {
          throw ExportException.retryable("source-busy", "The database is busy.", null);
        };
    String status = started(reference, kind(), view("patients"));
    assertThat(values(get(reference, status))).doesNotContainKey("advice");
  }

  @Test
  void saysNotMoreThanCanBeRead() {
    ViewAdvice one = new ViewAdvice("volatile-view", "Take it out.");
    rig.views.advice = (key, timestampColumn) -> Collections.nCopies(30, one);
    String status = started(reference, kind(), view("patients"));
    assertThat(values(get(reference, status)).getOrDefault("advice", "").split("\n")).hasSize(20);
  }

  @Test
  void endsWith303AsTheSpecificationSays() {
    String status = started(spec, kind(), view("patients"));
    assertThat(get(spec, status.replace("/status/", "/result/")).status()).isEqualTo(404);
    rig.drain();
    OperationResponse end = get(spec, status);
    assertThat(end.status()).isEqualTo(303);
    assertThat(end.body()).isEmpty();
    for (int time = 0; time < 2; time++) {
      OperationResponse result = get(spec, path(end, "Location"));
      assertThat(result.status()).isEqualTo(200);
      assertThat(values(result)).containsEntry("status", "completed").containsKey("output");
      Instant expires =
          ZonedDateTime.parse(result.headers().get("Expires"), DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      assertThat(expires).isAfterOrEqualTo(rig.clock.instant().plus(Duration.ofHours(24)));
    }
  }

  @Test
  void tellsAFailureInTheStatusOrInTheResult() {
    rig.backend.fails = true;
    String status = started(reference, kind(), view("patients"));
    rig.drain();
    OperationResponse end = get(reference, status);
    assertThat(end.status()).isEqualTo(200);
    assertThat(values(end)).containsEntry("status", "failed");
    assertThat(values(end).get("error")).contains("target-not-writable", "can't be written");
    assertThat(values(end).get("output")).contains("not-merged").doesNotContain("location");
    OperationResponse redirect = get(spec, status);
    assertThat(redirect.status()).isEqualTo(303);
    OperationResponse result = get(spec, path(redirect, "Location"));
    assertThat(result.status()).isEqualTo(500);
    assertThat(result.body()).contains("OperationOutcome");
    assertThat(issues(result)).containsExactly("target-not-writable at ");
    assertThat(OperationRig.json(result).at("/issue/0/diagnostics").asText())
        .isEqualTo("The target can't be written.");
    assertThat(get(spec, path(redirect, "Location"))).isEqualTo(result);
  }

  private static Set<String> names(JsonNode parameters, String use) {
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : parameters) {
      if (parameter.path("use").asText(use).equals(use)) {
        String name = parameter.path("name").asText();
        names.add(name);
        names(parameter.path("part"), use).forEach(part -> names.add(name + "." + part));
      }
    }
    return names;
  }

  private static void assertDescribed(ExportOperation operation, OperationResponse answer)
      throws IOException {
    for (String definition : operation.operationDefinitions(OperationRig.BASE).values()) {
      JsonNode parameters = new ObjectMapper().readTree(definition).path("parameter");
      assertThat(names(parameters, "out"))
          .containsAll(names(OperationRig.json(answer).path("parameter"), "out"));
    }
  }

  @Test
  void describesAllThatItAnswers() throws IOException {
    rig.views.advice = (key, timestampColumn) -> List.of(new ViewAdvice("slow", "Be quick."));
    String status =
        started(reference, kind(), view("patients"), param("_format", "Code", "\"csv\""));
    OperationResponse waits = get(reference, status);
    assertThat(values(waits)).containsKeys("progress", "queuePosition");
    assertDescribed(reference, waits);
    rig.drain();
    assertThat(values(get(reference, status)).get("output")).contains("inserted");
    assertDescribed(reference, get(reference, status));
    rig.backend.fails = true;
    String failing = started(reference, kind(), view("patients"));
    rig.drain();
    assertThat(values(get(reference, failing))).containsKey("error");
    assertDescribed(reference, get(reference, failing));
  }

  @Test
  void describesTheFormatThatABackendTakes() throws IOException {
    ExportOperation files = rig.operationWithFormats();
    String status = started(files, kind(), view("patients"), param("_format", "Code", "\"csv\""));
    assertThat(values(get(files, status))).containsEntry("_format", "csv");
    assertDescribed(files, get(files, status));
  }

  @Test
  void cancelsAsTheReferenceDoes() {
    String status = started(reference, kind(), view("patients"));
    OperationResponse accepted = delete(reference, status);
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(values(accepted)).containsEntry("status", "canceling");
    assertThat(get(reference, status).status()).isEqualTo(202);
    rig.drain();
    OperationResponse end = get(reference, status);
    assertThat(end.status()).isEqualTo(200);
    assertThat(values(end)).containsEntry("status", "cancelled");
    assertThat(delete(reference, status).status()).isEqualTo(200);
  }

  @Test
  void saysWhyAnExportHasNoResult() {
    String status = started(reference, kind(), view("patients"));
    String id = status.substring(status.lastIndexOf('/') + 1);
    String path = status.replace("/status/", "/result/");
    OperationResponse early = get(reference, path);
    assertThat(early.status()).isEqualTo(404);
    assertThat(issues(early)).containsExactly("no-result at ");
    assertThat(OperationRig.json(early).at("/issue/0/diagnostics").asText())
        .isEqualTo(
            "Export %s has no result (its status is accepted); poll %s%s."
                .formatted(id, OperationRig.BASE, status));
    assertThat(issues(as("bob", reference, "GET", path))).containsExactly("no-such-export at ");
    delete(reference, status);
    rig.drain();
    OperationResponse late = get(reference, path);
    assertThat(late.status()).isEqualTo(404);
    assertThat(late.body()).contains("no-result", "its status is cancelled");
    assertThat(issues(get(spec, path))).containsExactly("no-such-export at ");
  }

  @Test
  void forgetsACancelledJobAsTheSpecificationSays() {
    String status = started(spec, kind(), view("patients"));
    assertThat(delete(spec, status).status()).isEqualTo(202);
    for (int round = 0; round < 2; round++) {
      assertThat(get(spec, status).status()).isEqualTo(404);
      assertThat(delete(spec, status).status()).isEqualTo(404);
      assertThat(get(spec, status.replace("/status/", "/result/")).status()).isEqualTo(404);
      rig.drain();
    }
  }

  @Test
  void forgetsAJobThatWasCancelledTooLate() {
    String status = started(spec, kind(), view("patients"));
    rig.exports.runOnce();
    rig.exports.runOnce();
    rig.backend.cancelDuringMerge = () -> assertThat(delete(spec, status).status()).isEqualTo(202);
    rig.drain();
    OperationResponse end = get(reference, status);
    assertThat(values(end)).containsEntry("status", "completed");
    assertThat(get(spec, status).status()).isEqualTo(404);
  }

  @Test
  void leavesAJobThatEndedAsItIs() {
    String status = started(spec, kind(), view("patients"));
    rig.drain();
    OperationResponse late = delete(spec, status);
    assertThat(late.status()).isEqualTo(200);
    assertThat(values(late)).containsEntry("status", "completed");
    assertThat(get(spec, status).status()).isEqualTo(303);
  }

  @Test
  void knowsNoOtherExports() {
    for (String id : List.of("x", "..", "a.b", "00000000-0000-0000-0000-000000000000")) {
      assertThat(get(reference, TYPE_LEVEL + "/status/" + id).status()).isEqualTo(404);
      assertThat(get(reference, TYPE_LEVEL + "/result/" + id).status()).isEqualTo(404);
    }
    assertThat(delete(reference, TYPE_LEVEL + "/status/x").status()).isEqualTo(404);
    assertThat(delete(reference, TYPE_LEVEL + "/result/x").status()).isEqualTo(405);
  }

  private static OperationResponse as(
      String principal, ExportOperation operation, String method, String path) {
    return operation.handle(OperationRequest.builder(method, path).principal(principal).build());
  }

  @Test
  void isOpenToTheInitiatorAlone() {
    OperationResponse kickOff =
        reference.handle(
            post(TYPE_LEVEL, parameters(kind(), view("patients"))).principal("ann").build());
    String status = path(kickOff, "Content-Location");
    ExportOperation forbidding =
        rig.operation(
            OperationRig.config(ResponseProfile.REFERENCE)
                .denial(ExportOperationConfig.Denial.FORBIDDEN)
                .build());
    for (String path : List.of(status, status.replace("/status/", "/result/"))) {
      assertThat(as("bob", reference, "GET", path).status()).isEqualTo(404);
      assertThat(get(reference, path).status()).isEqualTo(404);
      assertThat(as("bob", forbidding, "GET", path).status()).isEqualTo(403);
    }
    assertThat(as("bob", reference, "DELETE", status).status()).isEqualTo(404);
    assertThat(as("bob", forbidding, "DELETE", status).status()).isEqualTo(403);
    assertThat(values(as("ann", reference, "GET", status))).containsEntry("status", "accepted");
    ExportOperation open =
        rig.operation(
            OperationRig.config(ResponseProfile.REFERENCE)
                .access((principal, job, action) -> action == AccessPolicy.Action.STATUS)
                .build());
    assertThat(as("bob", open, "GET", status).status()).isEqualTo(202);
    assertThat(as("bob", open, "DELETE", status).status()).isEqualTo(404);
  }

  @Test
  void listsTheCallersJobsNewestFirst() {
    List<String> mine = new ArrayList<>();
    for (int number = 0; number < 7; number++) {
      String who = number % 2 == 0 ? "ann" : "bob";
      OperationResponse one =
          reference.handle(
              post(TYPE_LEVEL, parameters(kind(), view("patients"))).principal(who).build());
      rig.clock.advance(Duration.ofSeconds(1));
      if (who.equals("ann")) {
        mine.add(0, values(one).get("exportId"));
      }
    }
    List<String> listed = new ArrayList<>();
    String query = "_count=3&status=accepted,in-progress";
    while (!query.isEmpty()) {
      OperationResponse page =
          reference.handle(
              OperationRequest.builder("GET", TYPE_LEVEL + "/status")
                  .query(query)
                  .principal("ann")
                  .build());
      assertThat(page.status()).as(page.body()).isEqualTo(200);
      for (JsonNode job : OperationRig.json(page).path("parameter")) {
        if (job.path("name").asText().equals("job")) {
          listed.add(job.path("part").path(0).path("valueString").asText());
        }
      }
      String next = values(page).getOrDefault("next", "?");
      query = next.substring(next.indexOf('?') + 1);
    }
    assertThat(listed).isEqualTo(mine);
    OperationResponse bad =
        reference.handle(
            OperationRequest.builder("GET", TYPE_LEVEL + "/status")
                .query("_count=0&status=done&_after=x&colour=red")
                .build());
    assertThat(bad.status()).isEqualTo(400);
    assertThat(issues(bad)).hasSize(4);
    assertThat(bad.body()).contains("status is one of: accepted, ");
  }

  @Test
  void slowsPollersDown() {
    ExportOperation patient =
        rig.operation(
            OperationRig.config(ResponseProfile.SPEC)
                .minPollInterval(Duration.ofSeconds(3))
                .build());
    String status = started(patient, kind(), view("patients"));
    String other = started(patient, kind(), view("patients"));
    assertThat(get(patient, status).status()).isEqualTo(202);
    rig.clock.advance(Duration.ofMillis(500));
    OperationResponse soon = get(patient, status);
    assertThat(soon.status()).isEqualTo(429);
    assertThat(soon.headers()).containsEntry("Retry-After", "3");
    assertThat(issues(soon)).containsExactly("polled-too-often at ");
    assertThat(get(patient, other).status()).isEqualTo(202);
    rig.clock.advance(Duration.ofMillis(2500));
    assertThat(get(patient, status).status()).isEqualTo(202);
  }

  @Test
  void answersTroubleWithoutWordsOfOthers() {
    rig.views.fails = new IllegalStateException("secret row value");
    OperationResponse failed =
        reference.handle(post(TYPE_LEVEL, parameters(kind(), view("patients"))).build());
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.body()).contains("OperationOutcome").doesNotContain("secret");
    rig.views.fails =
        ExportException.retryable("source-busy", "The database is busy.", null)
            .withRetryAfter(Duration.ofSeconds(7));
    OperationResponse busy =
        reference.handle(post(TYPE_LEVEL, parameters(kind(), view("patients"))).build());
    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.headers()).containsEntry("Retry-After", "7");
    assertThat(rig.jobCount()).isZero();
  }

  @Test
  void needsABaseUrl() {
    ExportOperation operation =
        ExportOperation.create(
            rig.exports, rig.views, ExportOperationConfig.builder().defaultKind("lake").build());
    OperationRequest.Builder request = post(TYPE_LEVEL, parameters(view("patients")));
    assertThat(operation.handle(request.build()).status()).isEqualTo(500);
    assertThat(rig.jobCount()).isZero();
    OperationResponse response = operation.handle(request.baseUrl("http://here/fhir/").build());
    assertThat(response.headers().get("Content-Location"))
        .startsWith("http://here/fhir/ViewDefinition/$viewdefinition-export/status/");
  }
}
