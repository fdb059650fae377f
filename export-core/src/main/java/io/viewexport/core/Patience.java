// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.github.resilience4j.core.IntervalFunction;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.core.store.JobStoreException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats calls of a store that can't be reached, as long as there is a point in it. */
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final IntervalFunction PAUSES =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(50), 2, 0.5, Duration.ofSeconds(2));

  private Patience() {}

  /** Repeats while the work is wanted. */
  static <T> T whileWanted(HeldLease held, Supplier<T> call) {
    return repeat(call, () -> held.reason().isEmpty(), held);
  }

  /** Repeats while the lease lasts, also where the work was told to stop. */
  static <T> T whileHeld(HeldLease held, Supplier<T> call) {
    return repeat(call, () -> !held.isFenced(), held);
  }

  private static <T> T repeat(Supplier<T> call, BooleanSupplier goOn, HeldLease held) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (JobStoreException trouble) {
        LOG.debug("the store can't be reached, call={}", attempt);
        if (!goOn.getAsBoolean()) {
          throw new ExportStoppedException(held.reason().orElse(StopReason.LEASE_LOST));
        }
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) {
    LockSupport.parkNanos(Duration.ofMillis(PAUSES.apply(attempt)).toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new ExportStoppedException(StopReason.SHUTDOWN);
    }
  }
}
