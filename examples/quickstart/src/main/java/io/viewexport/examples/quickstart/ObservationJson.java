// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** What was measured in a visit, as an Observation: vital signs, laboratory results, habits. */
final class ObservationJson {
  private static final String LOINC = "http://loinc.org";
  private static final String CATEGORIES =
      "http://terminology.hl7.org/CodeSystem/observation-category";
  private static final String INTERPRETATIONS =
      "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

  private static final List<Measure> MEASURES =
      List.of(
          new Measure("8302-2", "Body Height", "vital-signs", "cm", 169, 9.5, 1),
          new Measure("29463-7", "Body Weight", "vital-signs", "kg", 78, 14, 1),
          new Measure("39156-5", "Body Mass Index", "vital-signs", "kg/m2", 27, 4.5, 2),
          new Measure("8867-4", "Heart rate", "vital-signs", "/min", 74, 9, 0),
          new Measure("9279-1", "Respiratory rate", "vital-signs", "/min", 15, 1.5, 0),
          new Measure("8310-5", "Body temperature", "vital-signs", "Cel", 36.9, 0.35, 1),
          new Measure("2339-0", "Glucose [Mass/volume] in Blood", "laboratory", "mg/dL", 96, 18, 0),
          new Measure(
              "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "laboratory", "%", 5.7, 0.7, 2),
          new Measure(
              "2093-3",
              "Cholesterol [Mass/volume] in Serum or Plasma",
              "laboratory",
              "mg/dL",
              188,
              32,
              0),
          new Measure(
              "2160-0",
              "Creatinine [Mass/volume] in Serum or Plasma",
              "laboratory",
              "mg/dL",
              0.95,
              0.2,
              2),
          new Measure(
              "718-7", "Hemoglobin [Mass/volume] in Blood", "laboratory", "g/dL", 14.1, 1.4, 1),
          new Measure(
              "6690-2",
              "Leukocytes [#/volume] in Blood by Automated count",
              "laboratory",
              "10*3/uL",
              7.2,
              1.6,
              1));

  private ObservationJson() {}

  /** The Observation of this number in the life of the person. */
  static Resource of(
      SamplePerson person, SampleEncounter encounter, int number, SplittableRandom random) {
    String id = SampleText.uuid(random);
    Instant time = encounter.start().plusSeconds(60L * (number + random.nextInt(20)));
    return FhirJson.resource(
        "Observation",
        id,
        json -> {
          json.meta(
              SampleText.instant(time.plusMillis(random.nextLong(86_400_000))),
              "http://hl7.org/fhir/StructureDefinition/Observation");
          json.text("status", random.nextInt(50) == 0 ? "amended" : "final");
          switch (number) {
            case 0 -> bloodPressure(json, person, encounter, time, random);
            case 1 -> smoking(json, person, encounter, time, random);
            default -> measure(json, person, encounter, time, random);
          }
        });
  }

  private static void head(
      FhirJson json, Measure what, SamplePerson person, SampleEncounter encounter, Instant time)
      throws IOException {
    json.array("category", c -> c.coding(CATEGORIES, what.category(), what.category()));
    json.concept("code", LOINC, what.code(), what.display());
    json.reference("subject", "Patient", person.id());
    json.reference("encounter", "Encounter", encounter.id());
    json.text("effectiveDateTime", SampleText.dateTime(time));
    json.text("issued", SampleText.instant(time.plusMillis(819)));
  }

  private static void measure(
      FhirJson json,
      SamplePerson person,
      SampleEncounter encounter,
      Instant time,
      SplittableRandom random)
      throws IOException {
    Measure what = SampleText.pick(MEASURES, random);
    head(json, what, person, encounter, time);
    var value = SampleText.near(what.mean(), what.deviation(), what.digits(), random);
    json.quantity("valueQuantity", value, what.unit());
    if (what.category().equals("laboratory")) {
      boolean isHigh = value.doubleValue() > what.mean() + 2 * what.deviation();
      json.array(
          "interpretation",
          c -> c.coding(INTERPRETATIONS, isHigh ? "H" : "N", isHigh ? "High" : "Normal"));
    }
  }

  private static void bloodPressure(
      FhirJson json,
      SamplePerson person,
      SampleEncounter encounter,
      Instant time,
      SplittableRandom random)
      throws IOException {
    head(
        json,
        new Measure("85354-9", "Blood pressure panel", "vital-signs", "mm[Hg]", 0, 0, 0),
        person,
        encounter,
        time);
    var systolic = SampleText.near(124, 12, 0, random);
    var diastolic = SampleText.near(79, 8, 0, random);
    json.array(
        "component",
        c ->
            c.concept("code", LOINC, "8480-6", "Systolic blood pressure")
                .quantity("valueQuantity", systolic, "mm[Hg]"),
        c ->
            c.concept("code", LOINC, "8462-4", "Diastolic blood pressure")
                .quantity("valueQuantity", diastolic, "mm[Hg]"));
  }

  private static void smoking(
      FhirJson json,
      SamplePerson person,
      SampleEncounter encounter,
      Instant time,
      SplittableRandom random)
      throws IOException {
    head(
        json,
        new Measure("72166-2", "Tobacco smoking status", "social-history", "", 0, 0, 0),
        person,
        encounter,
        time);
    boolean isFormer = random.nextInt(3) == 0;
    json.concept(
        "valueCodeableConcept",
        "http://snomed.info/sct",
        isFormer ? "8517006" : "266919005",
        isFormer ? "Ex-smoker (finding)" : "Never smoked tobacco (finding)");
  }

  /**
   * Something that is measured.
   *
   * @param code in LOINC
   * @param display its name
   * @param category of Observations
   * @param unit in UCUM
   * @param mean usual value
   * @param deviation standard deviation
   * @param digits after the point
   */
  private record Measure(
      String code,
      String display,
      String category,
      String unit,
      double mean,
      double deviation,
      int digits) {}
}
