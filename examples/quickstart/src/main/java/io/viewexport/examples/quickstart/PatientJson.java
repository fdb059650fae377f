// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.SplittableRandom;

/** A made-up person as a Patient. */
final class PatientJson {
  private static final String IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203";
  private static final String PROFILE =
      "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";

  private PatientJson() {}

  static Resource of(SamplePerson person, SplittableRandom random) {
    return FhirJson.resource("Patient", person.id(), json -> write(json, person, random));
  }

  private static void write(FhirJson json, SamplePerson person, SplittableRandom random)
      throws IOException {
    String given = SampleText.pick(person.isFemale() ? SampleText.FEMALE : SampleText.MALE, random);
    String family = SampleText.pick(SampleText.FAMILY, random);
    json.meta(
        SampleText.instant(person.lastDay().minusMillis(random.nextLong(20L * 86_400_000))),
        PROFILE);
    identifiers(json, person.id(), random);
    json.flag("active", person.deceased().isEmpty());
    json.array(
        "name",
        name ->
            name.text("use", "official")
                .text("family", family)
                .texts("given", given, given.substring(0, 1))
                .texts("prefix", person.isFemale() ? "Ms." : "Mr."));
    telecom(json, given, random);
    json.text("gender", person.isFemale() ? "female" : "male");
    json.text("birthDate", person.birthDate().toString());
    if (person.deceased().isPresent()) {
      json.text("deceasedDateTime", SampleText.dateTime(person.deceased().get()));
    }
    address(json, random);
    boolean isMarried = random.nextBoolean();
    json.concept(
        "maritalStatus",
        "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus",
        isMarried ? "M" : "S",
        isMarried ? "Married" : "Never Married");
    json.flag("multipleBirthBoolean", random.nextInt(40) == 0);
    json.array(
        "communication",
        language -> language.concept("language", "urn:ietf:bcp:47", "en-US", "English"));
  }

  private static void identifiers(FhirJson json, String id, SplittableRandom random)
      throws IOException {
    json.array(
        "identifier",
        number ->
            number
                .concept("type", IDENTIFIER_TYPES, "MR", "Medical Record Number")
                .text("system", "http://hospital.example.org/mrn")
                .text("value", id),
        number ->
            number
                .concept("type", IDENTIFIER_TYPES, "SS", "Social Security Number")
                .text("system", "http://hl7.org/fhir/sid/us-ssn")
                .text("value", "999-" + SampleText.digits(2, random) + "-" + digits4(random)));
  }

  private static void telecom(FhirJson json, String given, SplittableRandom random)
      throws IOException {
    json.array(
        "telecom",
        phone ->
            phone
                .text("system", "phone")
                .text("value", "555-" + SampleText.digits(3, random) + "-" + digits4(random))
                .text("use", "home"),
        mail ->
            mail.text("system", "email")
                .text("value", given.charAt(0) + digits4(random) + "@example.org"));
  }

  private static void address(FhirJson json, SplittableRandom random) throws IOException {
    SampleText.City city = SampleText.pick(SampleText.CITIES, random);
    String street = 1 + random.nextInt(990) + " " + SampleText.pick(SampleText.STREETS, random);
    BigDecimal latitude = SampleText.near(city.latitude(), 0.02, 6, random);
    BigDecimal longitude = SampleText.near(city.longitude(), 0.02, 6, random);
    json.array(
        "address",
        address ->
            address
                .array(
                    "extension",
                    place ->
                        place
                            .text("url", "http://hl7.org/fhir/StructureDefinition/geolocation")
                            .array(
                                "extension",
                                one -> one.text("url", "latitude").number("valueDecimal", latitude),
                                one ->
                                    one.text("url", "longitude").number("valueDecimal", longitude)))
                .text("use", "home")
                .texts("line", street)
                .text("city", city.name())
                .text("state", "Massachusetts")
                .text("postalCode", city.postalPrefix() + SampleText.digits(2, random))
                .text("country", "US"));
  }

  private static String digits4(SplittableRandom random) {
    return SampleText.digits(4, random);
  }
}
