// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A fault that holds calls up until it is released. */
public final class Stall implements Fault {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** Not released. */
  public Stall() {}

  /**
   * Waits until a call is held up, or was.
   *
   * @param atMost how long to wait
   * @return whether one was within this time
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public boolean awaitReached(Duration atMost) throws InterruptedException {
    return reached.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Lets what is held up go on, and what comes later pass. Any number of times. */
  public void release() {
    released.countDown();
  }

  @Override
  public void strike(BackendCall call) {
    reached.countDown();
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ExportException.retryable("interrupted", "A stalled call was interrupted.", e);
    }
  }
}
