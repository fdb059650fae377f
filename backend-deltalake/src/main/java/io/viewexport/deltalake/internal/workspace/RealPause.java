// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits by the machine's clock; the signal wakes it at once. */
final class RealPause implements Pause {

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void pause(Duration time, StopSignal stop) {
    stop.throwIfStopped();
    CountDownLatch stopped = new CountDownLatch(1);
    StopSignal.Registration registered = stop.onStop(stopped::countDown);
    try {
      if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        stop.throwIfStopped();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ExportStoppedException(StopReason.SHUTDOWN);
    } finally {
      registered.close();
    }
    stop.throwIfStopped();
  }
}
