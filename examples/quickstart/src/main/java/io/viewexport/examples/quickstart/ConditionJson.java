// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** What a person has or had, as a Condition. */
final class ConditionJson {
  private static final String CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
  private static final String VERIFICATION =
      "http://terminology.hl7.org/CodeSystem/condition-ver-status";

  /** SNOMED CT code and display. */
  private static final List<List<String>> FINDINGS =
      List.of(
          List.of("59621000", "Essential hypertension (disorder)"),
          List.of("44054006", "Diabetes mellitus type 2 (disorder)"),
          List.of("195662009", "Acute viral pharyngitis (disorder)"),
          List.of("10509002", "Acute bronchitis (disorder)"),
          List.of("40055000", "Chronic sinusitis (disorder)"),
          List.of("55822004", "Hyperlipidemia (disorder)"),
          List.of("271737000", "Anemia (disorder)"));

  private ConditionJson() {}

  static Resource of(SamplePerson person, SampleEncounter encounter, SplittableRandom random) {
    return FhirJson.resource(
        "Condition", SampleText.uuid(random), json -> write(json, person, encounter, random));
  }

  private static void write(
      FhirJson json, SamplePerson person, SampleEncounter encounter, SplittableRandom random)
      throws IOException {
    List<String> finding = SampleText.pick(FINDINGS, random);
    boolean isOver = random.nextBoolean();
    json.meta(
        SampleText.instant(encounter.start().plusMillis(random.nextLong(86_400_000))),
        "http://hl7.org/fhir/StructureDefinition/Condition");
    json.concept(
        "clinicalStatus", CLINICAL, isOver ? "resolved" : "active", isOver ? "Resolved" : "Active");
    json.concept("verificationStatus", VERIFICATION, "confirmed", "Confirmed");
    json.concept("code", "http://snomed.info/sct", finding.get(0), finding.get(1));
    json.reference("subject", "Patient", person.id());
    json.reference("encounter", "Encounter", encounter.id());
    json.text("onsetDateTime", SampleText.dateTime(encounter.start()));
    if (isOver) {
      json.text(
          "abatementDateTime",
          SampleText.dateTime(encounter.start().plusSeconds(86_400L * (3 + random.nextInt(300)))));
    }
    json.text("recordedDate", SampleText.dateTime(encounter.start()));
  }
}
