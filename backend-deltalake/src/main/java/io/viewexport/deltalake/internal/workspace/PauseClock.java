// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock for libraries that want one; only differences of its times mean something. */
final class PauseClock extends Clock {
  private final Pause pause;
  private final long start;

  PauseClock(Pause pause) {
    this.pause = pause;
    start = pause.nanoTime();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(pause.nanoTime() - start);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
