// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** The operation on one server whose tasks and clocks a test steps by hand. */
final class OperationRig {
  static final String BASE = "https://example.org/fhir";
  static final String TYPE_LEVEL = "/ViewDefinition/$viewdefinition-export";
  static final String PATIENTS =
      """
      {"resourceType": "ViewDefinition", "name": "patients", "resource": "Patient",
       "select": [{"column": [
         {"name": "id", "path": "getResourceKey()"},
         {"name": "gender", "path": "gender"},
         {"name": "updated", "path": "meta.lastUpdated"}]}]}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();

  final SteppedClock clock = new SteppedClock();
  final LakeBackend backend = new LakeBackend();
  final MemoryViews views =
      new MemoryViews()
          .with("patients", PATIENTS, "id text", "gender text", "updated timestamptz")
          .with(
              "timeless",
              PATIENTS.replace("meta.lastUpdated", "now()"),
              "id text",
              "gender text",
              "updated text");
  final JobStore store = InMemoryJobStore.create(clock);
  final ExportService exports =
      ExportService.builder()
          .store(store)
          .source(views)
          .backend(backend)
          .nanoTime(clock::nanos)
          .groupMembers((group, principal) -> members(group))
          .config(ExportConfig.builder().workerSlots(4).poolSize(8).build())
          .build();

  private static Optional<Set<String>> members(String group) {
    return group.equals("Group/1") ? Optional.of(Set.of("1", "2")) : Optional.empty();
  }

  /** A clock that stands still until it is moved. */
  static final class SteppedClock extends Clock {
    private final AtomicLong nanos = new AtomicLong();

    long nanos() {
      return nanos.get();
    }

    void advance(Duration time) {
      nanos.addAndGet(time.toNanos());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.parse("2026-01-31T00:00:00Z").plusNanos(nanos.get());
    }
  }

  ExportOperation operation(ResponseProfile profile) {
    return operation(config(profile).build());
  }

  ExportOperation operation(ExportOperationConfig config) {
    return ExportOperation.create(exports, views, config, clock::nanos);
  }

  /** By the specification, of a backend that takes {@code _format}. */
  ExportOperation operationWithFormats() {
    backend.parameters.add(
        new BackendParameter("_format", BackendParameter.Type.CODE, "The format."));
    return ExportOperation.create(
        ExportService.builder().store(store).source(views).backend(backend).build(),
        views,
        config(ResponseProfile.SPEC).build());
  }

  static ExportOperationConfig.Builder config(ResponseProfile profile) {
    return ExportOperationConfig.builder().baseUrl(BASE).profile(profile);
  }

  static OperationRequest.Builder post(String path, String body) {
    return OperationRequest.builder("POST", path)
        .header("Prefer", "respond-async")
        .header("Content-Type", "application/fhir+json")
        .body(body.getBytes(StandardCharsets.UTF_8));
  }

  /** Parameters of these, each as JSON. */
  static String parameters(String... params) {
    return "{\"resourceType\": \"Parameters\", \"parameter\": [" + String.join(",", params) + "]}";
  }

  static String view(String id, String... parts) {
    List<String> all = new ArrayList<>(List.of(parts));
    all.add(
        "{\"name\": \"viewReference\", \"valueReference\": {\"reference\": \"ViewDefinition/%s\"}}"
            .formatted(id));
    return "{\"name\": \"view\", \"part\": [" + String.join(",", all) + "]}";
  }

  static String param(String name, String type, String value) {
    return "{\"name\": \"%s\", \"value%s\": %s}".formatted(name, type, value);
  }

  static String kind() {
    return param("kind", "Code", "\"lake\"");
  }

  /** Starts an export of one view and gives its status path below the base. */
  static String started(ExportOperation operation, String... params) {
    OperationResponse response = operation.handle(post(TYPE_LEVEL, parameters(params)).build());
    if (response.status() != 202) {
      throw new IllegalStateException(response.body());
    }
    return path(response, "Content-Location");
  }

  static String path(OperationResponse response, String header) {
    return response.headers().getOrDefault(header, "").substring(BASE.length());
  }

  static OperationResponse get(ExportOperation operation, String path) {
    return operation.handle(OperationRequest.builder("GET", path).build());
  }

  static OperationResponse delete(ExportOperation operation, String path) {
    return operation.handle(OperationRequest.builder("DELETE", path).build());
  }

  /** Runs all tasks that are due and become due. */
  void drain() {
    for (int round = 0; round < 20; round++) {
      while (exports.runOnce()) {
        clock.advance(Duration.ofMillis(1));
      }
      clock.advance(Duration.ofSeconds(5));
    }
  }

  int jobCount() {
    return store.list(JobFilter.builder().limit(1000).build()).size();
  }

  static JsonNode json(OperationResponse response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The values of a Parameters resource by name; of a parameter with parts, the parts as JSON. */
  static Map<String, String> values(OperationResponse response) {
    Map<String, String> values = new LinkedHashMap<>();
    for (JsonNode item : json(response).path("parameter")) {
      String value = "";
      for (Map.Entry<String, JsonNode> member : item.properties()) {
        if (!member.getKey().equals("name")) {
          value =
              member.getValue().isValueNode()
                  ? member.getValue().asText()
                  : member.getValue().toString();
        }
      }
      values.merge(item.get("name").asText(), value, (one, other) -> one + "\n" + other);
    }
    return values;
  }

  /** Each issue as {@code code at expression}. */
  static List<String> issues(OperationResponse response) {
    List<String> issues = new ArrayList<>();
    for (JsonNode issue : json(response).path("issue")) {
      String code = issue.path("details").path("coding").path(0).path("code").asText();
      issues.add(code + " at " + issue.path("expression").path(0).asText());
    }
    return issues;
  }
}
