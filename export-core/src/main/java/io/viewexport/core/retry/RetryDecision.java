// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.retry;

import io.viewexport.api.job.FailureCause;
import java.time.Duration;

/** What follows from a failed attempt. */
public sealed interface RetryDecision {

  /** Why. */
  FailureCause cause();

  /**
   * A new attempt is made.
   *
   * @param delay how long to wait at the least
   */
  record RetryLater(FailureCause cause, Duration delay) implements RetryDecision {}

  /** No further attempt is made. */
  record GiveUp(FailureCause cause) implements RetryDecision {}
}
