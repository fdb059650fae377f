// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewDefinitionReaderTest {
  private final List<String> problems = new ArrayList<>();

  private ViewShape read(String resource, String select) throws IOException {
    String definition =
        """
        {"resourceType": "ViewDefinition", "name": "v", "resource": "%s", "select": %s}
        """
            .formatted(resource, select);
    return ViewDefinitionReader.read(new ObjectMapper().readTree(definition), problems);
  }

  private static List<String> names(ViewShape shape) {
    return shape.columns().stream().map(ViewShape.Column::name).toList();
  }

  @Test
  void findsTheColumnsOfNestedSelects() throws IOException {
    ViewShape shape =
        read(
            "Patient",
            """
            [{"column": [{"name": "id", "path": "getResourceKey()", "type": "string"},
                         {"name": "born", "path": "birthDate",
                          "type": "http://hl7.org/fhir/StructureDefinition/date"}],
              "select": [{"forEach": "name", "column": [{"name": "family", "path": "family"}],
                          "select": [{"forEachOrNull": "given",
                                      "column": [{"name": "given", "path": "$this"}]}]}]},
             {"repeat": ["contact"], "column": [{"name": "row", "path": "%rowIndex",
                                                 "collection": true}]}]
            """);
    assertThat(problems).isEmpty();
    assertThat(names(shape)).containsExactly("id", "born", "family", "given", "row");
    assertThat(shape.columns().get(1).type()).contains("date");
    assertThat(shape.columns().get(4).collection()).isTrue();
    assertThat(shape.idColumn()).contains("id");
    assertThat(shape.patientColumn()).contains("id");
    assertThat(shape.timestampColumn()).isEmpty();
  }

  @Test
  void findsTheTimeAndThePatientOfOtherResources() throws IOException {
    ViewShape shape =
        read(
            "Condition",
            """
            [{"column": [{"name": "key", "path": "id"},
                         {"name": "who", "path": "subject.getReferenceKey(Patient)"},
                         {"name": "seen", "path": "encounter.getReferenceKey(Encounter)"},
                         {"name": "updated", "path": "meta.lastUpdated"},
                         {"name": "ts", "path": "getAidboxTs()"}]}]
            """);
    assertThat(shape.idColumn()).contains("key");
    assertThat(shape.patientColumn()).contains("who");
    assertThat(shape.timestampColumn()).contains("ts");
  }

  @Test
  void takesAReferenceForThePatientsKeyWhereThereIsNoOther() throws IOException {
    String column = "[{\"column\": [{\"name\": \"who\", \"path\": \"%s\"}]}]";
    for (String path : List.of("subject.reference", "%resource.patient.reference")) {
      assertThat(read("Condition", column.formatted(path)).patientColumn()).contains("who");
    }
    for (String path : List.of("performer.reference", "subject.display", "subject")) {
      assertThat(read("Condition", column.formatted(path)).patientColumn()).isEmpty();
    }
    String both =
        """
        [{"column": [{"name": "ref", "path": "subject.reference"},
                     {"name": "key", "path": "subject.getReferenceKey(Patient)"}]}]
        """;
    assertThat(read("Condition", both).patientColumn()).contains("key");
  }

  @Test
  void takesWhatStandsInAnElementForNoKeyOfTheResource() throws IOException {
    ViewShape inElement =
        read(
            "Patient",
            "[{\"forEach\": \"name\", \"column\": [{\"name\": \"i\", \"path\": \"id\"}]}]");
    assertThat(inElement.idColumn()).isEmpty();
    ViewShape ofResource =
        read(
            "Patient",
            """
            [{"forEach": "name", "column": [{"name": "i", "path": "%resource.getResourceKey()"}]}]
            """);
    assertThat(ofResource.idColumn()).contains("i");
  }

  @Test
  void takesTheColumnsOfAUnionOnce() throws IOException {
    ViewShape shape =
        read(
            "Patient",
            """
            [{"column": [{"name": "id", "path": "getResourceKey()"}],
              "unionAll": [
                {"forEach": "address", "column": [{"name": "city", "path": "city", "type": "string"}]},
                {"unionAll": [{"forEach": "contact.address",
                               "column": [{"name": "city", "path": "city", "type": "code"}]}]}]}]
            """);
    assertThat(problems).isEmpty();
    assertThat(names(shape)).containsExactly("id", "city");
    assertThat(shape.columns().get(1).type()).isEmpty();
  }

  @Test
  void trustsAKeyOfAUnionOnlyWhereAllBranchesAgree() throws IOException {
    String union =
        """
        [{"unionAll": [{"column": [{"name": "id", "path": "%%resource.getResourceKey()"}]},
                       {"column": [{"name": "id", "path": "%s"}]}]}]
        """;
    assertThat(read("Patient", union.formatted("getResourceKey()")).idColumn()).contains("id");
    assertThat(read("Patient", union.formatted("link.id")).idColumn()).isEmpty();
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    read("", "[]");
    read(
        "Patient",
        """
        [{"column": [{"name": "a", "path": "x"}, {"name": "a", "path": "y"}, {"name": "b"}]},
         {"column": {"name": "c", "path": "c"}}, 3,
         {"unionAll": [{"column": [{"name": "d", "path": "d"}]},
                       {"column": [{"name": "e", "path": "d"}]}]}]
        """);
    assertThat(problems)
        .containsExactly(
            "It names no resource.",
            "It selects nothing.",
            "select[0].column[2] lacks a name or a path.",
            "select[1].column is no array.",
            "select[2] is no object.",
            "select[3].unionAll has branches of different columns.",
            "It has two columns of the name \"a\".");
  }
}
