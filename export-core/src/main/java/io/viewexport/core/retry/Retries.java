// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.retry;

import io.github.resilience4j.core.IntervalFunction;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.core.retry.RetryDecision.GiveUp;
import io.viewexport.core.retry.RetryDecision.RetryLater;
import io.viewexport.core.state.TaskType;
import java.time.Duration;
import java.util.Optional;

/** Decides by a {@link RetryPolicy} whether and when failed work is tried again. */
public final class Retries {
  private static final Duration DAY = Duration.ofDays(1);
  private static final double GROWTH = 2;
  private static final double SPREAD = 0.5;

  private final RetryPolicy policy;
  private final IntervalFunction work;
  private final IntervalFunction cleanup;

  /** Decides by this policy. */
  public Retries(RetryPolicy policy) {
    this.policy = policy;
    work = backoff(policy.initialDelay(), policy.maxDelay());
    cleanup = backoff(policy.cleanupInitialDelay(), policy.maxDelay());
  }

  /**
   * What follows from a failure. A clean-up is tried again also after one that says it is
   * permanent: somebody may give back the right that it lacks.
   *
   * @param earlierFailures how many attempts at the task failed before this one
   */
  public RetryDecision decide(TaskType task, int earlierFailures, Failure failure) {
    int failures = earlierFailures + 1;
    FailureCause cause = failure.cause();
    boolean hopeless = cause.kind() == FailureKind.PERMANENT && task != TaskType.CLEANUP;
    if (hopeless || failures >= most(task)) {
      return new GiveUp(cause);
    }
    Duration asked = failure.retryAfter().orElseGet(() -> delay(task, failures));
    return new RetryLater(cause, atMostADay(asked));
  }

  /** How long work waits that was interrupted, which counts as no attempt. */
  public Duration pause() {
    return policy.initialDelay();
  }

  /** What others ask to wait, within reason: a store's times have an end. */
  public static Duration atMostADay(Duration asked) {
    return asked.compareTo(DAY) < 0 ? asked : DAY;
  }

  /**
   * What follows from leases that ran out without a word from the worker: nothing, or the end.
   *
   * @param inDoubt whether one of them may have begun a merge
   */
  public Optional<FailureCause> lostTooOften(TaskType task, int lostLeases, boolean inDoubt) {
    if (lostLeases < policy.maxLostLeases()) {
      return Optional.empty();
    }
    FailureKind kind = inDoubt ? FailureKind.OUTCOME_UNKNOWN : Failure.unclassified(task);
    String text =
        "The worker was lost %d times without a word; look for servers that were killed or ran out of memory."
            .formatted(lostLeases);
    return Optional.of(new FailureCause(kind, "worker-lost", text));
  }

  private int most(TaskType task) {
    return task == TaskType.CLEANUP ? policy.maxCleanupFailures() : policy.maxFailures();
  }

  private Duration delay(TaskType task, int failures) {
    IntervalFunction backoff = task == TaskType.CLEANUP ? cleanup : work;
    return Duration.ofMillis(backoff.apply(failures));
  }

  private static IntervalFunction backoff(Duration first, Duration longest) {
    Duration cap = longest.compareTo(first) < 0 ? first : longest;
    return IntervalFunction.ofExponentialRandomBackoff(first, GROWTH, SPREAD, cap);
  }
}
