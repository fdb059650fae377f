// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.core.state.TaskType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetriesTest {
  private final Retries retries = new Retries(RetryPolicy.standard());

  private static Failure failure(FailureKind kind) {
    return Failure.of(new FailureCause(kind, "some-code", "Some text."));
  }

  private Duration delay(TaskType task, int earlier) {
    RetryDecision decision = retries.decide(task, earlier, failure(FailureKind.RETRYABLE));
    return ((RetryDecision.RetryLater) decision).delay();
  }

  @Test
  void theThirdFailureIsTheLast() {
    assertThat(delay(TaskType.CHUNK, 1)).isPositive();
    assertThat(retries.decide(TaskType.CHUNK, 2, failure(FailureKind.RETRYABLE)))
        .isInstanceOf(RetryDecision.GiveUp.class);
    assertThat(retries.decide(TaskType.FINALIZE, 2, failure(FailureKind.OUTCOME_UNKNOWN)))
        .isInstanceOf(RetryDecision.GiveUp.class);
  }

  @Test
  void cleanUpIsMorePatient() {
    assertThat(delay(TaskType.CLEANUP, 8)).isGreaterThan(Duration.ofMinutes(1));
    assertThat(retries.decide(TaskType.CLEANUP, 9, failure(FailureKind.RETRYABLE)))
        .isInstanceOf(RetryDecision.GiveUp.class);
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() {
    assertThat(retries.decide(TaskType.CHUNK, 0, failure(FailureKind.PERMANENT)))
        .isInstanceOf(RetryDecision.GiveUp.class);
  }

  @Test
  void theOtherSystemsWordOnTheWaitIsHonoured() {
    ExportException busy =
        ExportException.retryable("busy", "Busy.", null).withRetryAfter(Duration.ofMinutes(9));
    RetryDecision decision =
        retries.decide(TaskType.CHUNK, 0, Failure.classify(TaskType.CHUNK, "k", busy));
    assertThat(decision)
        .isEqualTo(
            new RetryDecision.RetryLater(
                new FailureCause(FailureKind.RETRYABLE, "busy", "Busy."), Duration.ofMinutes(9)));
  }

  @ParameterizedTest
  @EnumSource(TaskType.class)
  void anUnclassifiedFailureIsUnknownFromFinalizeAlone(TaskType task) {
    FailureCause cause =
        Failure.classify(task, "k", new IllegalArgumentException("Jane Doe")).cause();
    assertThat(cause.kind())
        .isEqualTo(task == TaskType.FINALIZE ? FailureKind.OUTCOME_UNKNOWN : FailureKind.RETRYABLE);
    assertThat(cause.message()).contains("IllegalArgumentException").doesNotContain("Jane");
  }

  @Test
  void aRefusalIsPermanent() {
    ExportRefusedException refused =
        new ExportRefusedException(
            List.of(ExportIssue.of("one", "One."), ExportIssue.of("two", "Two.")));
    assertThat(Failure.classify(TaskType.PLAN, "k", refused).cause())
        .isEqualTo(new FailureCause(FailureKind.PERMANENT, "one", "One. Two."));
  }

  @Test
  void lostLeasesAreCappedApart() {
    assertThat(retries.lostTooOften(TaskType.CHUNK, 9, false)).isEmpty();
    assertThat(retries.lostTooOften(TaskType.CHUNK, 10, false))
        .map(FailureCause::kind)
        .isEqualTo(Optional.of(FailureKind.RETRYABLE));
    assertThat(retries.lostTooOften(TaskType.FINALIZE, 10, true))
        .map(FailureCause::kind)
        .isEqualTo(Optional.of(FailureKind.OUTCOME_UNKNOWN));
  }

  @Test
  void aCleanUpIsTriedAgainWhateverItsFailure() {
    assertThat(retries.decide(TaskType.CLEANUP, 0, failure(FailureKind.PERMANENT)))
        .isInstanceOf(RetryDecision.RetryLater.class);
  }

  @Test
  void noWaitIsLongerThanADay() {
    ExportException never =
        ExportException.retryable("busy", "Busy.", null)
            .withRetryAfter(Duration.ofSeconds(Long.MAX_VALUE));
    RetryDecision decision =
        retries.decide(TaskType.CHUNK, 0, Failure.classify(TaskType.CHUNK, "k", never));
    assertThat(((RetryDecision.RetryLater) decision).delay()).isEqualTo(Duration.ofDays(1));
  }
}
