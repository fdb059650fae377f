// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions, with a deadline that only a defect reaches. */
final class Wait {
  static final Duration DEADLINE = Duration.ofSeconds(45);
  private static final Duration PAUSE = Duration.ofMillis(4);

  private Wait() {}

  static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
