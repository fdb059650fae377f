// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The store's clock and a server's monotonic one, moved by hand. */
final class ManualClock implements InstantSource, LongSupplier {
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile long nanos = Long.MAX_VALUE - 1_000;

  synchronized void advance(Duration by) {
    now = now.plus(by);
    nanos += by.toNanos();
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public long getAsLong() {
    return nanos;
  }
}
