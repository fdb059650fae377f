// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on only when told to. Safe for use by many threads. */
public final class TestClock extends Clock {
  private Instant now;

  /** A clock that shows this time. */
  public TestClock(Instant now) {
    this.now = now;
  }

  /** Lets this much time pass. */
  public synchronized void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("it shows UTC");
  }
}
