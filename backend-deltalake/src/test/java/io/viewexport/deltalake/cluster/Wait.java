// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, with a deadline that only a defect reaches. */
final class Wait {
  static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final Duration PAUSE = Duration.ofMillis(4);

  private Wait() {}

  static void until(String what, BooleanSupplier condition) {
    present(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** Waits until it is there. */
  static <T> T present(String what, Supplier<Optional<T>> looked) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      Optional<T> found = looked.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain until " + what);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
