// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;

/** Mutates requests that are right: each is refused without a trace, or accepted. */
class FuzzedKickOffTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PATHS =
      List.of(
          "/$viewdefinition-export",
          "/ViewDefinition/$viewdefinition-export",
          "/ViewDefinition/patients/$viewdefinition-export",
          "/$sql-export");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "lake",
          "sea",
          "patients",
          "id",
          "updated",
          "ViewDefinition/patients",
          "Library/x",
          "http://example.org/ViewDefinition/patients|1",
          "2026-01-01T00:00:00Z",
          "+999999999-12-31T23:59:59Z",
          "csv",
          "a\u0000b",
          "\ud800",
          "'; drop table x; --",
          "\\'(",
          "%00",
          "x".repeat(300));
  private static final List<String> NAMES =
      List.of(
          "name",
          "part",
          "resource",
          "parameter",
          "resourceType",
          "valueString",
          "valueCode",
          "valueInteger",
          "valueInstant",
          "valueReference",
          "value",
          "reference",
          "select",
          "column",
          "unionAll",
          "forEach",
          "path",
          "type",
          "extension",
          "é");
  private static final List<String> PARAMS =
      List.of(
          "view",
          "subject",
          "kind",
          "_since",
          "patient",
          "group",
          "source",
          "chunkCount",
          "initialExportParallelism",
          "mergeMode",
          "mergeKey",
          "timestampColumn",
          "patientColumn",
          "tableName",
          "compact",
          "targetFileSizeMb",
          "_format",
          "header",
          "context",
          "clientTrackingId",
          "viewReference",
          "viewResource",
          "subjectCanonical",
          "unknown");

  private static final int JOBS_OF_A_RIG = 40;

  private OperationRig rig = new OperationRig();
  private int accepted;
  private int refused;

  /** A right request of each face, with most parameters there are. */
  private static ObjectNode seed(Random random, boolean sql) throws IOException {
    String view =
        !sql
            ? """
            {"name": "view", "part": [
              {"name": "name", "valueString": "out"},
              {"name": "viewReference", "valueReference": {"reference": "ViewDefinition/patients"}},
              {"name": "mergeMode", "valueCode": "replace"},
              {"name": "tableName", "valueString": "a.b.c"}]}
            """
            : """
            {"name": "subject", "part": [
              {"name": "name", "valueString": "out"},
              {"name": "subjectResource", "resource": %s}]}
            """
                .formatted(OperationRig.PATIENTS);
    String body =
        OperationRig.parameters(
            view,
            """
            {"name": "subject", "part": [{"name": "subjectCanonical",
             "valueCanonical": "http://example.org/ViewDefinition/patients|1"}]}
            """,
            OperationRig.kind(),
            OperationRig.param("clientTrackingId", "String", "\"c\""),
            OperationRig.param("_since", "Instant", "\"2026-01-01T00:00:00Z\""),
            OperationRig.param("chunkCount", "PositiveInt", "2"),
            OperationRig.param("mergeKey", "String", "\"id\""),
            OperationRig.param("compact", "Boolean", "true"));
    ObjectNode seed = (ObjectNode) JSON.readTree(body);
    ArrayNode params = (ArrayNode) seed.get("parameter");
    // What is left is a right request of one face, most of the time.
    if (!sql && random.nextInt(8) > 0) {
      for (int index = params.size() - 1; index >= 0; index--) {
        if (params.get(index).get("name").asText().equals("subject")) {
          params.remove(index);
        }
      }
    }
    return seed;
  }

  private static JsonNode value(Random random) {
    return switch (random.nextInt(9)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
      case 2 -> JSON.getNodeFactory().numberNode(random.nextInt(5) - 2);
      case 3 -> JSON.getNodeFactory().numberNode(random.nextDouble() * 1e300);
      case 4 -> JSON.createObjectNode();
      case 5 -> JSON.createArrayNode();
      case 6 -> JSON.createObjectNode().put("reference", pick(TEXTS, random));
      default -> JSON.getNodeFactory().textNode(pick(TEXTS, random));
    };
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static void mutate(JsonNode root, Random random) {
    List<JsonNode> containers = new ArrayList<>();
    collect(root, containers);
    JsonNode target = pick(containers, random);
    if (target instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name =
          names.isEmpty() || random.nextInt(3) == 0 ? pick(NAMES, random) : pick(names, random);
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(name, value(random));
        case 2 -> object.put("name", pick(PARAMS, random));
        default -> {
          JsonNode moved = object.remove(name);
          object.set(pick(NAMES, random), moved == null ? value(random) : moved);
        }
      }
    } else if (target instanceof ArrayNode array && !array.isEmpty()) {
      int index = random.nextInt(array.size());
      switch (random.nextInt(3)) {
        case 0 -> array.remove(index);
        case 1 -> array.add(array.get(index).deepCopy());
        default -> array.set(index, value(random));
      }
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }

  private static byte[] mutateBytes(byte[] body, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
      case 1 -> {
        byte[] changed = body.clone();
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        yield changed;
      }
      case 2 -> {
        int at = random.nextInt(body.length);
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String noise = "[".repeat(random.nextInt(20_000));
        yield (text.substring(0, at) + noise + text.substring(at))
            .getBytes(StandardCharsets.ISO_8859_1);
      }
      default -> new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
    };
  }

  private static OperationRequest request(Random random) throws IOException {
    boolean sql = random.nextInt(3) == 0;
    ObjectNode body = seed(random, sql);
    int mutations = random.nextInt(4);
    for (int mutation = 0; mutation < mutations; mutation++) {
      mutate(body, random);
    }
    byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(8) == 0) {
      bytes = mutateBytes(bytes, random);
    }
    String path = PATHS.get(sql ? 3 : random.nextInt(2));
    if (random.nextInt(30) == 0) {
      path = pick(PATHS, random);
    }
    String method = random.nextInt(30) == 0 ? pick(List.of("GET", "PUT", "X"), random) : "POST";
    OperationRequest.Builder request = OperationRequest.builder(method, path).body(bytes);
    if (random.nextInt(30) > 0) {
      request.header("Prefer", "respond-async");
    }
    if (random.nextInt(20) == 0) {
      request.query(pick(List.of("_format=csv", "%", "&&=", "a=b&a=c"), random));
    }
    if (random.nextInt(20) == 0) {
      request.header("Idempotency-Key", pick(TEXTS, random));
    }
    if (random.nextInt(20) == 0) {
      request.principal(pick(TEXTS, random));
    }
    if (random.nextInt(30) == 0) {
      request.header("Content-Type", pick(TEXTS, random));
    }
    return request.build();
  }

  @Property(
      tries = 12_000,
      shrinking = ShrinkingMode.OFF,
      afterFailure = AfterFailureMode.RANDOM_SEED)
  void refusesWithoutATraceOrAccepts(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    OperationRequest request = request(random);
    if (rig.jobCount() > JOBS_OF_A_RIG) {
      rig.exports.close();
      rig = new OperationRig();
    }
    int before = rig.jobCount();
    OperationResponse response = operation(random).handle(request);
    Supplier<String> what =
        () -> request.path() + " " + new String(request.body(), StandardCharsets.UTF_8);
    assertThat(response.status()).as(what).isBetween(200, 499);
    if (response.status() == 202) {
      accepted++;
      assertThat(rig.jobCount()).as(what).isBetween(before, before + 1);
    } else {
      refused++;
      assertThat(rig.jobCount()).as(what).isEqualTo(before);
      JsonNode outcome = JSON.readTree(response.body());
      assertThat(outcome.path("resourceType").asText()).isEqualTo("OperationOutcome");
      assertThat(outcome.path("issue")).as(what).isNotEmpty();
      assertThat(response.body()).doesNotContain("Exception", "\tat ").hasSizeLessThan(100_000);
    }
  }

  private ExportOperation operation(Random random) {
    return random.nextBoolean()
        ? rig.operation(ResponseProfile.REFERENCE)
        : rig.operation(
            OperationRig.config(ResponseProfile.SPEC).defaultKind(LakeBackend.KIND).build());
  }

  @AfterProperty
  void bothHappened() {
    rig.exports.close();
    assertThat(accepted).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(5_000);
  }
}
