// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import static io.viewexport.examples.server.FhirClient.OPERATION;
import static io.viewexport.examples.server.FhirClient.json;
import static io.viewexport.examples.server.FhirClient.location;
import static io.viewexport.examples.server.FhirClient.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewexport.core.fhir.ResponseProfile;
import io.viewexport.deltalake.oracle.SparkOracle;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both servers, over HTTP. */
class ServersTest {
  @TempDir private Path folder = Path.of("");

  private Path lake() throws Exception {
    return folder.toRealPath().resolve("lake");
  }

  private Path table(String name) throws Exception {
    return lake().resolve(name);
  }

  private static void assertRows(HttpResponse<String> result, int rows) throws Exception {
    JsonNode parameter = json(result).path("parameter");
    assertThat(parameter.findValuesAsText("valueCode")).contains("completed", "merged");
    assertThat(result.body()).contains("\"name\":\"rowCount\",\"valueDecimal\":" + rows);
  }

  @ParameterizedTest
  @EnumSource
  void exportsAtEveryLevelAsTheSpecificationSays(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.SPEC, folder)) {
      FhirClient ann = new FhirClient(pod.baseUrl(), "ann");
      List<String> paths = List.of("/" + OPERATION, "/ViewDefinition/" + OPERATION, "/$sql-export");
      for (String path : paths) {
        String name = "t" + paths.indexOf(path);
        String body = parameters("patient-flat", table(name));
        String asked =
            path.contains("sql")
                ? body.replace("\"view\"", "\"subject\"")
                    .replace("viewReference", "subjectReference")
                : body;
        HttpResponse<String> kickOff = ann.send("POST", path, asked);
        assertThat(kickOff.statusCode()).as(kickOff.body()).isEqualTo(202);
        HttpResponse<String> end = ann.poll(location(kickOff));
        assertThat(end.statusCode()).isEqualTo(303);
        assertRows(ann.get(end.headers().firstValue("Location").orElseThrow()), 200);
        assertThat(table(name).resolve("_delta_log")).isDirectory();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void exportsAnInstanceAsTheReferenceDoes(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.REFERENCE, folder)) {
      FhirClient ann = new FhirClient(pod.baseUrl(), "ann");
      String body =
          """
          {"resourceType": "Parameters", "parameter": [
            {"name": "tablePath", "valueUrl": "%s"}]}
          """
              .formatted(table("observation"));
      HttpResponse<String> kickOff =
          ann.send("POST", "/ViewDefinition/observation-flat/" + OPERATION, body);
      assertThat(kickOff.statusCode()).as(kickOff.body()).isEqualTo(202);
      HttpResponse<String> end = ann.poll(location(kickOff));
      assertThat(end.statusCode()).isEqualTo(200);
      assertRows(end, TestServers.OBSERVATIONS);
      String list = "/ViewDefinition/" + OPERATION + "/status";
      String id = location(kickOff).substring(location(kickOff).lastIndexOf('/') + 1);
      assertThat(ann.get(list + "?_count=1").body()).contains(id);
      FhirClient bob = new FhirClient(pod.baseUrl(), "bob");
      assertThat(bob.get(location(kickOff)).statusCode()).isEqualTo(404);
      assertThat(bob.get(list).body()).doesNotContain(id);
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancels(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.SPEC, folder);
        SlowView slow = SlowView.create(2_000, 10)) {
      slow.describeIn(SampleViews.folder(lake()));
      FhirClient ann = new FhirClient(pod.baseUrl(), "ann");
      HttpResponse<String> kickOff =
          ann.send("POST", "/" + OPERATION, parameters(SlowView.ID, table("slow")));
      assertThat(kickOff.statusCode()).as(kickOff.body()).isEqualTo(202);
      assertThat(ann.send("DELETE", location(kickOff), "").statusCode()).isEqualTo(202);
      assertThat(ann.get(location(kickOff)).statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void describesTheOperations(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.SPEC, folder)) {
      FhirClient ann = new FhirClient(pod.baseUrl(), "ann");
      JsonNode operations = json(ann.get("/metadata")).at("/rest/0/operation");
      assertThat(operations.findValuesAsText("name"))
          .containsExactly("viewdefinition-export", "sql-export");
      for (String definition : operations.findValuesAsText("definition")) {
        JsonNode read = json(ann.get(definition));
        assertThat(read.path("resourceType").asText()).isEqualTo("OperationDefinition");
        assertThat(read.path("url").asText()).isEqualTo(definition);
        assertThat(read.toString()).contains("tablePath");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsEachHeaderThatComesMoreThanOnce(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.SPEC, folder)) {
      String anonymous = "";
      FhirClient nobody =
          new FhirClient(pod.baseUrl(), anonymous).with("Prefer", "return=representation");
      String body = parameters("patient-flat", table("twice"));
      HttpResponse<String> kickOff = nobody.send("POST", "/" + OPERATION, body);
      assertThat(kickOff.statusCode()).as(kickOff.body()).isEqualTo(202);
      assertThat(nobody.poll(location(kickOff)).statusCode()).isEqualTo(303);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesInFhir(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.SPEC, folder)) {
      FhirClient ann = new FhirClient(pod.baseUrl(), "ann");
      String kickOff = "/" + OPERATION;
      String outside = parameters("patient-flat", Path.of("/etc/lake"));
      String tooLarge = " ".repeat(1024 * 1024 + 1);
      assertOutcome(ann.send("POST", kickOff, "{\"resourceType\": \"Par"), 400);
      assertOutcome(ann.send("POST", kickOff, "not json at all <&>"), 400);
      assertOutcome(ann.send("POST", kickOff, ""), 400);
      assertOutcome(ann.send("POST", kickOff, outside), 400);
      assertOutcome(ann.send("POST", kickOff, tooLarge), 413);
      assertOutcome(ann.send("POST", kickOff, parameters("no-such", table("x"))), 404);
      assertOutcome(ann.send("PUT", kickOff, "{}"), 405);
      assertOutcome(ann.get("/ViewDefinition/" + OPERATION + "/status/none"), 404);
      assertOutcome(ann.get("/Nonsense/1"), 404);
      assertThat(ann.get("/%01").body()).doesNotContain("\tat ", "Exception");
    }
  }

  private static void assertOutcome(HttpResponse<String> answer, int status) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(answer.body()).doesNotContain("Exception", "\tat ");
  }

  /** A script's exit status and what it said. */
  private record Said(int status, String words) {}

  private static Said bash(String... command) throws Exception {
    assumeThat(isInstalled("bash") && isInstalled("curl")).as("bash and curl are here").isTrue();
    List<String> all = new ArrayList<>(List.of("bash"));
    all.addAll(List.of(command));
    ProcessBuilder script = new ProcessBuilder(all).redirectErrorStream(true);
    script.environment().put("POLL_SECONDS", "0.2");
    script.environment().put("PATIENCE_SECONDS", "90");
    Process process = script.start();
    process.getOutputStream().close();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), words);
  }

  @ParameterizedTest
  @EnumSource
  void canBeFollowedByCurl(Framework framework) throws Exception {
    try (Pod pod = TestServers.start(framework, ResponseProfile.SPEC, folder)) {
      Said said = bash("follow-the-spec.sh", pod.baseUrl(), lake().toString());
      assertThat(said.status()).as(said.words()).isZero();
      assertThat(said.words()).endsWith("All as specified.\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"HAPI, REFERENCE", "LIGHT, SPEC"})
  void exportsWhatChangedByCurl(Framework framework, ResponseProfile profile) throws Exception {
    Path file = folder.resolve("since");
    try (Pod pod = TestServers.start(framework, profile, folder);
        ChangingView changing = ChangingView.create(40)) {
      changing.describeIn(SampleViews.folder(lake()));
      String[] command = {
        "export-changes.sh",
        pod.baseUrl(),
        ChangingView.ID,
        table("changing").toString(),
        file.toString()
      };
      Said first = bash(command);
      assertThat(first.status()).as(first.words()).isZero();
      assertThat(first.words()).contains("since the beginning");
      String since = Files.readString(file).strip();

      changing.change();
      Said second = bash(command);
      assertThat(second.status()).as(second.words()).isZero();
      assertThat(second.words()).contains("since " + since);
      assertThat(Files.readString(file).strip()).isGreaterThanOrEqualTo(since);
      assertThat(rows("changing")).isEqualTo(changing.rows());

      String kept = Files.readString(file);
      changing.spoil();
      Said failed = bash(command);
      assertThat(failed.status()).as(failed.words()).isEqualTo(1);
      assertThat(failed.words()).contains("the next run begins where this one did");
      assertThat(file).hasContent(kept);

      changing.makeMaterialized();
      Said unknown = bash(command);
      assertThat(unknown.status()).as(unknown.words()).isZero();
      assertThat(unknown.words()).contains("(materialized-view)");
      assertThat(file).hasContent(kept);
    }
  }

  private List<String> rows(String table) throws Exception {
    return SparkOracle.shared()
        .query("SELECT id, n FROM " + SparkOracle.table(table(table)) + " ORDER BY id")
        .stream()
        .map(row -> row.get(0) + "|" + row.get(1))
        .toList();
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @Test
  void embedsInFewLines() throws Exception {
    String file = "src/main/java/io/viewexport/examples/server/HapiExports.java";
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      assertThat(lines.count()).isLessThan(60);
    }
  }
}
