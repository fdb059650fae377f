// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "28P01, user or password",
    "28000, user or password",
    "3D000, no such database",
    "42501, permission",
    "42P07, there already",
    "53100, disk",
    "22012, SQLSTATE 22012"
  })
  void aCodeIsToldInOurWords(String state, String words) {
    SQLException failure = new SQLException("value \"Jane Doe\" of table x", state);
    assertThat(DatabaseFailures.translate("Doing it", failure))
        .hasMessageContaining("Doing it: ")
        .hasMessageContaining(words)
        .message()
        .doesNotContain("Jane");
  }

  @Test
  void aFailureWithoutACodeIsToldToo() {
    assertThat(DatabaseFailures.translate("Doing it", new SQLException("x")))
        .hasMessageContaining("SQLSTATE none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://no-such-host.invalid/fhir?user=u&password=secret",
        "jdbc:postgresql://localhost:1/fhir?user=u&password=secret",
        "jdbc:postgresql://localhost:port/fhir?user=u&password=secret"
      })
  void aDatabaseThatIsNotThereIsOneLineWithoutThePassword(String url) {
    assertThatThrownBy(() -> Database.open(new JdbcUrl(url), 1))
        .isInstanceOf(QuickstartException.class)
        .message()
        .contains("--jdbc")
        .doesNotContain("secret")
        .doesNotContain("\n");
  }
}
