// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresFailuresTest {
  @ParameterizedTest
  @CsvSource({
    "08001, RETRYABLE, source-unreachable",
    "08006, RETRYABLE, source-unreachable",
    "0A000, PERMANENT, view-failed",
    "21000, PERMANENT, view-failed",
    "22003, PERMANENT, view-failed",
    "22007, PERMANENT, view-failed",
    "22012, PERMANENT, view-failed",
    "22021, PERMANENT, view-failed",
    "22P02, PERMANENT, view-failed",
    "22P05, PERMANENT, view-failed",
    "22999, PERMANENT, view-failed",
    "23514, PERMANENT, view-failed",
    "25006, PERMANENT, view-failed",
    "25P03, RETRYABLE, source-interrupted",
    "28000, PERMANENT, source-login-refused",
    "28P01, PERMANENT, source-login-refused",
    "38000, PERMANENT, view-failed",
    "3D000, PERMANENT, source-database-missing",
    "3F000, PERMANENT, view-gone",
    "40001, RETRYABLE, source-conflict",
    "40P01, RETRYABLE, source-conflict",
    "42501, PERMANENT, view-not-readable",
    "42703, PERMANENT, view-changed",
    "42883, PERMANENT, view-failed",
    "42P01, PERMANENT, view-gone",
    "53100, RETRYABLE, source-busy",
    "53200, RETRYABLE, source-busy",
    "53300, RETRYABLE, source-busy",
    "54001, PERMANENT, view-failed",
    "55000, RETRYABLE, view-not-ready",
    "55P03, RETRYABLE, view-locked",
    "57014, RETRYABLE, source-cancelled",
    "57P01, RETRYABLE, source-interrupted",
    "57P03, RETRYABLE, source-interrupted",
    "58030, RETRYABLE, source-failed",
    "72000, RETRYABLE, source-interrupted",
    "HV00N, RETRYABLE, source-failed",
    "P0001, PERMANENT, view-failed",
    "XX000, RETRYABLE, source-failed",
    "XX001, PERMANENT, source-corrupt",
    "XX002, PERMANENT, source-corrupt",
    "ZZ999, RETRYABLE, source-failed",
  })
  void eachStateHasItsKindCodeAndOwnText(String state, FailureKind kind, String code) {
    ExportException failure =
        PostgresFailures.translate(new SQLException("\"Jane Doe\"", state), "View sof.v");
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.message())
        .contains("iew sof.v")
        .endsWith("(SQLSTATE " + state + ")")
        .doesNotContain("Jane")
        .doesNotContain("%");
  }

  @Test
  void theStateIsFoundBehindAPoolsOwnException() {
    SQLException refused = new SQLException("password", "28P01");
    ExportException failure =
        PostgresFailures.translate(
            new SQLTransientConnectionException("pool", null, 0, refused), "View sof.v");
    assertThat(failure.code()).isEqualTo("source-login-refused");
  }

  @Test
  void withoutAUsableStateItMayWorkLater() {
    for (String state : new String[] {null, "", "Jane Doe"}) {
      ExportException failure =
          PostgresFailures.translate(new SQLException("x", state), "View sof.v");
      assertThat(failure.kind()).isEqualTo(FailureKind.RETRYABLE);
      assertThat(failure.message()).doesNotContain("SQLSTATE").doesNotContain("Jane");
    }
  }
}
