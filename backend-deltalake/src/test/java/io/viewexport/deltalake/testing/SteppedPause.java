// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Waiting takes no time: the clock moves on instead. Safe for use by many threads. */
public final class SteppedPause implements Pause {
  private final ManualClock clock = new ManualClock();
  private final List<Duration> pauses = new ArrayList<>();

  /** Stands still until somebody waits. */
  public SteppedPause() {}

  @Override
  public long nanoTime() {
    return clock.getAsLong();
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public synchronized void pause(Duration time, StopSignal stop) {
    stop.throwIfStopped();
    pauses.add(time);
    clock.advance(time);
    stop.throwIfStopped();
  }

  /** Moves the clock on. */
  public void advance(Duration time) {
    clock.advance(time);
  }

  /** How long was waited, each time. */
  public synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
