// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import java.time.Duration;

/**
 * The time by which a call ends, with all its repeats.
 *
 * @param pause whose clock it goes by
 * @param nanos the time
 */
record Deadline(Pause pause, long nanos) {

  static Deadline after(Duration time, Pause pause) {
    return new Deadline(pause, pause.nanoTime() + time.toNanos());
  }

  /** What is left; 0 or less once it has passed. */
  Duration remaining() {
    return Duration.ofNanos(nanos - pause.nanoTime());
  }

  /** What is left, and not more than this. */
  Duration atMost(Duration time) {
    Duration remaining = remaining();
    return remaining.compareTo(time) < 0 ? remaining : time;
  }
}
