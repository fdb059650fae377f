// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViewNameTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "sof.patient_flat, sof, patient_flat",
        "Sof.Patient, Sof, Patient",
        "sof.\"my.view\", sof, my.view",
        "\"a.b\".c, a.b, c",
        "sof.\"a\"\"b\", sof, a\"b",
      })
  void readsSchemaAndName(String text, String schema, String name) {
    assertThat(ViewName.parse(text)).isEqualTo(new ViewName(schema, name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "patient", ".", "sof.", ".patient", "a.b.c", "sof.\"open"})
  void refusesWhatIsNotTwoParts(String text) {
    assertThatThrownBy(() -> ViewName.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema.name");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {"sof, patient", "a.b, c\"d", "\", .", "ü, 😀"})
  void writesWhatItReads(String schema, String name) {
    ViewName view = new ViewName(schema, name);
    assertThat(ViewName.parse(view.toString())).isEqualTo(view);
  }

  @Test
  void refusesNul() {
    assertThatThrownBy(() -> new ViewName("sof", "a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
