// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import static io.viewexport.core.fhir.OperationRig.issues;
import static io.viewexport.core.fhir.OperationRig.json;
import static io.viewexport.core.fhir.OperationRig.param;
import static io.viewexport.core.fhir.OperationRig.parameters;
import static io.viewexport.core.fhir.OperationRig.post;
import static io.viewexport.core.fhir.OperationRig.values;
import static io.viewexport.core.fhir.OperationRig.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests of the shapes that the specification's own examples have.
 *
 * @see <a href="https://build.fhir.org/ig/HL7/sql-on-fhir/en/OperationDefinition-SQLExport.html">
 *     SQLExport</a>
 */
class SpecificationExamplesTest {
  private final OperationRig rig = new OperationRig();
  private final ExportOperation spec =
      rig.operation(
          OperationRig.config(ResponseProfile.SPEC).defaultKind(LakeBackend.KIND).build());

  @AfterEach
  void close() {
    rig.exports.close();
  }

  private static String subject(String... parts) {
    return "{\"name\": \"subject\", \"part\": [" + String.join(",", parts) + "]}";
  }

  private static String canonical(String url) {
    return param("subjectCanonical", "Canonical", "\"" + url + "\"");
  }

  private static String reference(String reference) {
    return param("subjectReference", "Reference", "{\"reference\": \"" + reference + "\"}");
  }

  private static String patient(String id) {
    return param("patient", "Reference", "{\"reference\": \"Patient/" + id + "\"}");
  }

  private OperationResponse sqlExport(String... params) {
    return spec.handle(post("/$sql-export", parameters(params)).build());
  }

  @Test
  void runsABatchOfViewsToItsManifest() {
    OperationResponse kickOff =
        sqlExport(
            param("clientTrackingId", "String", "\"bundle\""),
            subject(
                param("name", "String", "\"demographics\""),
                canonical("http://example.org/ViewDefinition/patients|2.1.0")),
            subject(
                param("name", "String", "\"inline\""),
                "{\"name\": \"subjectResource\", \"resource\": " + OperationRig.PATIENTS + "}"),
            subject(reference("ViewDefinition/timeless"), param("name", "String", "\"others\"")));
    assertThat(kickOff.status()).as(kickOff.body()).isEqualTo(202);
    assertThat(kickOff.headers().get("Content-Location"))
        .startsWith(OperationRig.BASE + "/$sql-export/status/");
    rig.drain();
    OperationResponse end = OperationRig.get(spec, OperationRig.path(kickOff, "Content-Location"));
    OperationResponse result = OperationRig.get(spec, OperationRig.path(end, "Location"));
    assertThat(values(result))
        .containsEntry("clientTrackingId", "bundle")
        .containsEntry("status", "completed");
    assertThat(values(result).get("output"))
        .contains("lake:demographics", "lake:inline", "lake:others");
  }

  @Test
  void refusesWhatIsNotThereYetInWords() {
    OperationResponse refused =
        sqlExport(
            subject(canonical("http://example.org/ViewDefinition/patients")),
            subject(
                canonical("http://example.org/Library/bp-summary|1.0.0"),
                "{\"name\": \"parameters\", \"resource\": {\"resourceType\": \"Parameters\"}}"),
            subject(reference("Library/q")),
            subject(
                "{\"name\": \"subjectResource\", \"resource\": {\"resourceType\": \"Library\"}}"),
            patient("123"),
            patient("456"),
            param("_format", "Code", "\"csv\""),
            "{\"name\": \"context\", \"resource\": {\"resourceType\": \"Library\"}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(issues(refused))
        .containsExactlyInAnyOrder(
            "not-supported at Parameters.parameter.where(name='_format')[0]",
            "invalid-value at Parameters.parameter.where(name='context')[0]",
            "invalid-value at Parameters.parameter.where(name='subject')[1]"
                + ".part.where(name='parameters')[0]",
            "not-supported at Parameters.parameter.where(name='subject')[1]"
                + ".part.where(name='subjectCanonical')[0]",
            "not-supported at Parameters.parameter.where(name='subject')[2]"
                + ".part.where(name='subjectReference')[0]",
            "not-supported at Parameters.parameter.where(name='subject')[3]"
                + ".part.where(name='subjectResource')[0]");
    assertThat(rig.jobCount()).isZero();
  }

  @Test
  void knowsNoParameterOfTheOtherOperation() {
    OperationResponse refused = sqlExport(view("patients"));
    assertThat(issues(refused))
        .containsExactly(
            "unknown-parameter at Parameters.parameter.where(name='view')[0]",
            "missing-parameter at Parameters.parameter.where(name='subject')");
  }

  @Test
  void describesWhatItOffers() throws IOException {
    for (JsonNode operation :
        new ObjectMapper().readTree(spec.capabilityOperations(OperationRig.BASE + "/"))) {
      String url = operation.get("definition").asText();
      String id = url.substring(url.lastIndexOf('/') + 1);
      JsonNode definition =
          new ObjectMapper().readTree(spec.operationDefinitions(OperationRig.BASE).get(id));
      assertThat(definition.get("url").asText()).isEqualTo(url);
      assertThat(definition.get("code").asText()).isEqualTo(operation.get("name").asText());
      assertThat(definition.get("base").asText()).startsWith("http://hl7.org/fhir/uv/sql-on-fhir/");
      List<String> inputs = new ArrayList<>();
      for (JsonNode parameter : definition.get("parameter")) {
        if (parameter.get("use").asText().equals("in")) {
          inputs.add(parameter.get("name").asText() + " " + parameter.get("min").asInt());
        }
      }
      assertThat(inputs)
          .contains("kind 0", "_since 0", "chunkCount 0", "tableName 0", "targetFileSizeMb 0")
          .contains("patient 0", "group 0")
          .doesNotContain("source 0", "_format 0");
      assertThat(definition.toString()).doesNotContain("CanonicalResource");
      boolean ofViews = definition.get("type").asBoolean();
      assertThat(definition.at("/parameter/0/documentation").asText().contains("path"))
          .isEqualTo(ofViews);
    }
    assertThat(json(sqlExport()).path("resourceType").asText()).isEqualTo("OperationOutcome");
  }
}
