// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportExceptionTest {

  @Test
  void keepsKindCodeCauseAndDelay() {
    IllegalStateException cause = new IllegalStateException("inner");

    ExportException failure =
        ExportException.retryable("target-busy", "Try later.", cause)
            .withRetryAfter(Duration.ofSeconds(7));

    assertThat(failure.kind()).isEqualTo(FailureKind.RETRYABLE);
    assertThat(failure.code()).isEqualTo("target-busy");
    assertThat(failure.message()).isEqualTo("Try later.");
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(failure).hasCause(cause);
  }

  @Test
  void codesAreWordsJoinedByHyphens() {
    assertThatThrownBy(() -> ExportException.permanent("Not A Code", "text", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ExportIssue.of("also-", "text"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRefusalNamesEveryIssue() {
    ExportRefusedException refused =
        new ExportRefusedException(
            List.of(ExportIssue.of("a", "One."), ExportIssue.of("b", "Two.", "chunkCount")));

    assertThat(refused.issues()).hasSize(2);
    assertThat(refused).hasMessage("One. Two.");
    assertThatThrownBy(() -> new ExportRefusedException(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
