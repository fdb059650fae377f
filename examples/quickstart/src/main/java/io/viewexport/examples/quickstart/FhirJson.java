// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/** Writes the parts that FHIR resources have in common. */
final class FhirJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final StringWriter text = new StringWriter(2048);
  private final JsonGenerator json;

  private FhirJson() throws IOException {
    this.json = JSON.createGenerator(text);
  }

  /** A resource whose members the body writes. */
  static Resource resource(String type, String id, Body body) {
    try {
      FhirJson fhir = new FhirJson();
      fhir.json.writeStartObject();
      fhir.text("resourceType", type).text("id", id);
      body.write(fhir);
      fhir.json.writeEndObject();
      fhir.json.close();
      return new Resource(type, id, fhir.text.toString(), "generated " + type + " " + id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FhirJson text(String name, String value) throws IOException {
    json.writeStringField(name, value);
    return this;
  }

  FhirJson number(String name, BigDecimal value) throws IOException {
    json.writeNumberField(name, value);
    return this;
  }

  FhirJson flag(String name, boolean value) throws IOException {
    json.writeBooleanField(name, value);
    return this;
  }

  FhirJson object(String name, Body body) throws IOException {
    json.writeObjectFieldStart(name);
    body.write(this);
    json.writeEndObject();
    return this;
  }

  /** An array of objects, one for each body. */
  FhirJson array(String name, Body... bodies) throws IOException {
    json.writeArrayFieldStart(name);
    for (Body body : bodies) {
      json.writeStartObject();
      body.write(this);
      json.writeEndObject();
    }
    json.writeEndArray();
    return this;
  }

  /** An array of texts. */
  FhirJson texts(String name, String... values) throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
    return this;
  }

  FhirJson meta(String lastUpdated, String profile) throws IOException {
    return object(
        "meta",
        meta ->
            meta.text("versionId", "1").text("lastUpdated", lastUpdated).texts("profile", profile));
  }

  /** A CodeableConcept. */
  FhirJson concept(String name, String system, String code, String display) throws IOException {
    return object(name, concept -> concept.coding(system, code, display));
  }

  /** The members of a CodeableConcept. */
  FhirJson coding(String system, String code, String display) throws IOException {
    return array(
            "coding", c -> c.text("system", system).text("code", code).text("display", display))
        .text("text", display);
  }

  /** A Quantity in UCUM. */
  FhirJson quantity(String name, BigDecimal value, String unit) throws IOException {
    return object(
        name,
        quantity ->
            quantity
                .number("value", value)
                .text("unit", unit)
                .text("system", "http://unitsofmeasure.org")
                .text("code", unit));
  }

  FhirJson reference(String name, String type, String id) throws IOException {
    return object(name, reference -> reference.text("reference", type + "/" + id));
  }

  /** Writes the members of an object. */
  interface Body {
    void write(FhirJson json) throws IOException;
  }
}
