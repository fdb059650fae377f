// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.core.state.TaskType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RetryDelaysTest {
  private static final Failure FAILURE =
      Failure.of(new FailureCause(FailureKind.RETRYABLE, "some-code", "Some text."));

  @Property(tries = 200)
  void eachWaitIsTwiceTheOneBeforeGiveOrTakeAHalf(@ForAll @IntRange(max = 30) int earlier) {
    Retries many = new Retries(RetryPolicy.builder().maxFailures(100).build());
    RetryDecision decision = many.decide(TaskType.CHUNK, earlier, FAILURE);
    double usual = Math.min(Math.pow(2, earlier), 300) * 1000;
    long delay = ((RetryDecision.RetryLater) decision).delay().toMillis();
    assertThat((double) delay).isBetween(usual * 0.5 - 1, Math.min(usual * 1.5, 300_000) + 1);
  }
}
