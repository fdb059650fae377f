// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.retry;

import java.time.Duration;

/**
 * How often and how soon failed work is tried again. Each wait is twice the one before, up to
 * {@code maxDelay}, then spread at random by a half of itself to either side.
 *
 * @param maxFailures how many attempts at a task may fail before it is given up; at least 1
 * @param initialDelay the wait after the first failure; at least 1 ms
 * @param maxDelay the longest wait; not below {@code initialDelay}
 * @param maxLostLeases how many leases of a task may run out, because its worker died without a
 *     word, before it is given up; at least 1
 * @param maxCleanupFailures how many attempts at a clean-up may fail before it is given up; at
 *     least 1
 * @param cleanupInitialDelay the wait after the first failure of a clean-up; at least 1 ms
 */
public record RetryPolicy(
    int maxFailures,
    Duration initialDelay,
    Duration maxDelay,
    int maxLostLeases,
    int maxCleanupFailures,
    Duration cleanupInitialDelay) {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** Checks each value's range. */
  public RetryPolicy {
    atLeastOne("maxFailures", maxFailures);
    atLeastOne("maxLostLeases", maxLostLeases);
    atLeastOne("maxCleanupFailures", maxCleanupFailures);
    notShorter("initialDelay", initialDelay, SHORTEST);
    notShorter("cleanupInitialDelay", cleanupInitialDelay, SHORTEST);
    notShorter("maxDelay", maxDelay, initialDelay);
  }

  /** Three attempts, 1 s and then 2 s apart; ten lost leases; ten attempts at a clean-up. */
  public static RetryPolicy standard() {
    return builder().build();
  }

  /** Starts with the values of {@link #standard()}. */
  public static Builder builder() {
    return new Builder();
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value);
    }
  }

  private static void notShorter(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0) {
      throw new IllegalArgumentException(name + " must be at least " + least + ": " + value);
    }
  }

  /** Collects a policy; every value has a default. */
  public static final class Builder {
    private int maxFailures = 3;
    private Duration initialDelay = Duration.ofSeconds(1);
    private Duration maxDelay = Duration.ofMinutes(5);
    private int maxLostLeases = 10;
    private int maxCleanupFailures = 10;
    private Duration cleanupInitialDelay = Duration.ofSeconds(10);

    private Builder() {}

    /** How many attempts at a task may fail before it is given up; default 3. */
    public Builder maxFailures(int count) {
      maxFailures = count;
      return this;
    }

    /** The wait after the first failure; default 1 s. */
    public Builder initialDelay(Duration delay) {
      initialDelay = delay;
      return this;
    }

    /** The longest wait; default 5 min. */
    public Builder maxDelay(Duration delay) {
      maxDelay = delay;
      return this;
    }

    /** How many leases of a task may run out before it is given up; default 10. */
    public Builder maxLostLeases(int count) {
      maxLostLeases = count;
      return this;
    }

    /** How many attempts at a clean-up may fail before it is given up; default 10. */
    public Builder maxCleanupFailures(int count) {
      maxCleanupFailures = count;
      return this;
    }

    /** The wait after the first failure of a clean-up; default 10 s. */
    public Builder cleanupInitialDelay(Duration delay) {
      cleanupInitialDelay = delay;
      return this;
    }

    /** The policy; throws {@link IllegalArgumentException} on a value out of range. */
    public RetryPolicy build() {
      return new RetryPolicy(
          maxFailures,
          initialDelay,
          maxDelay,
          maxLostLeases,
          maxCleanupFailures,
          cleanupInitialDelay);
    }
  }
}
