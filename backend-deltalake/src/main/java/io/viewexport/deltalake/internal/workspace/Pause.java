// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.api.StopSignal;
import java.time.Duration;
import java.time.Instant;

/**
 * Waiting, and the clocks that go with it: whoever calls a workspace waits by this, so that tests
 * step time. Safe for use by many threads.
 */
public interface Pause {

  /** Monotonic nanoseconds, as {@link System#nanoTime}: only differences mean something. */
  long nanoTime();

  /** The time of day, to be held against times that others tell. */
  Instant now();

  /**
   * Waits; returns at once for no time or less.
   *
   * @throws io.viewexport.api.ExportStoppedException once the signal is given, or, with reason
   *     {@code SHUTDOWN}, when the thread is interrupted; it is so still
   */
  void pause(Duration time, StopSignal stop);

  /** The machine's. */
  static Pause real() {
    return new RealPause();
  }
}
