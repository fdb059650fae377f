// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleResourcesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static List<Resource> generate(long seed, int observations) {
    List<Resource> resources = new ArrayList<>();
    new SampleResources(seed, observations).<RuntimeException>generate(resources::add);
    return resources;
  }

  private static List<JsonNode> documents(String type) throws Exception {
    List<JsonNode> documents = new ArrayList<>();
    for (Resource resource : generate(7, 500)) {
      if (resource.type().equals(type)) {
        documents.add(MAPPER.readTree(resource.json()));
      }
    }
    return documents;
  }

  @Test
  void theSameSeedMakesTheSameText() {
    assertThat(generate(7, 200)).isEqualTo(generate(7, 200)).isNotEqualTo(generate(8, 200));
  }

  @Test
  void aLongerListBeginsWithTheShorterOne() {
    List<Resource> shorter = generate(7, 100);
    assertThat(generate(7, 300).subList(0, shorter.size())).isEqualTo(shorter);
  }

  @Test
  void thereAreAsManyObservationsAsAskedForAndTenOfEachPatient() throws Exception {
    assertThat(documents("Observation")).hasSize(500);
    assertThat(documents("Patient")).hasSize(50);
    assertThat(generate(7, 501).stream().filter(r -> r.type().equals("Observation"))).hasSize(501);
  }

  @Test
  void everyResourceIsOneLineThatTheLoaderAcceptsUnderAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    for (Resource resource : generate(7, 500)) {
      assertThat(resource.json()).doesNotContain("\n");
      Resource parsed = ResourceLine.parse(resource.json(), resource.origin());
      assertThat(parsed).isEqualTo(resource);
      assertThat(ids.add(resource.id())).isTrue();
    }
  }

  @Test
  void everythingIsSaidOfAPatientThatExists() throws Exception {
    Set<String> patients = new HashSet<>();
    documents("Patient").forEach(patient -> patients.add("Patient/" + patient.path("id").asText()));
    for (String type : List.of("Observation", "Condition")) {
      assertThat(documents(type))
          .isNotEmpty()
          .allSatisfy(
              document ->
                  assertThat(patients).contains(document.at("/subject/reference").asText()));
    }
  }

  @Test
  void observationsHaveCodesUnitsAndOneKindOfValue() throws Exception {
    for (JsonNode observation : documents("Observation")) {
      assertThat(observation.at("/code/coding/0/system").asText()).isEqualTo("http://loinc.org");
      int kinds = 0;
      for (String kind : List.of("valueQuantity", "valueCodeableConcept", "component")) {
        kinds += observation.has(kind) ? 1 : 0;
      }
      assertThat(kinds).isEqualTo(1);
      JsonNode quantity = observation.path("valueQuantity");
      if (!quantity.isMissingNode()) {
        assertThat(quantity.path("value").isNumber()).isTrue();
        assertThat(quantity.path("system").asText()).isEqualTo("http://unitsofmeasure.org");
      }
      OffsetDateTime effective =
          OffsetDateTime.parse(observation.path("effectiveDateTime").asText());
      OffsetDateTime updated = OffsetDateTime.parse(observation.at("/meta/lastUpdated").asText());
      assertThat(updated).isAfterOrEqualTo(effective);
    }
  }

  @Test
  void theDeadAreNotActiveAndNothingIsMeasuredAfterDeath() throws Exception {
    List<JsonNode> dead =
        documents("Patient").stream().filter(patient -> patient.has("deceasedDateTime")).toList();
    assertThat(dead).isNotEmpty();
    for (JsonNode patient : dead) {
      assertThat(patient.path("active").asBoolean()).isFalse();
      OffsetDateTime death = OffsetDateTime.parse(patient.path("deceasedDateTime").asText());
      String reference = "Patient/" + patient.path("id").asText();
      for (JsonNode observation : documents("Observation")) {
        if (observation.at("/subject/reference").asText().equals(reference)) {
          assertThat(OffsetDateTime.parse(observation.path("effectiveDateTime").asText()))
              .isBefore(death);
        }
      }
    }
  }
}
