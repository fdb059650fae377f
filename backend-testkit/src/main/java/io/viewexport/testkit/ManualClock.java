// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that a test moves by hand: the wall clock of a store and the monotonic clock of a server,
 * such as {@link io.viewexport.core.ExportService.Builder#nanoTime}. It stands still otherwise.
 * Safe for use by many threads.
 */
public final class ManualClock implements InstantSource, LongSupplier {
  /** Near the largest number: whoever compares monotonic times instead of differences fails. */
  private static final long FIRST_NANOS = Long.MAX_VALUE - 1_000;

  private final Instant start;
  private volatile Duration passed = Duration.ZERO;

  /** Stands at the beginning of 2026. */
  public ManualClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /**
   * Stands at this moment.
   *
   * @param start the first moment
   */
  public ManualClock(Instant start) {
    this.start = start;
  }

  /**
   * Moves it on.
   *
   * @param time how far; not negative
   */
  public synchronized void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("a clock goes forward: " + time);
    }
    passed = passed.plus(time);
  }

  @Override
  public Instant instant() {
    return start.plus(passed);
  }

  /** Monotonic nanoseconds, as {@link System#nanoTime}. */
  @Override
  public long getAsLong() {
    return FIRST_NANOS + passed.toNanos();
  }
}
