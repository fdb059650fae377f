// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What goes wrong at present. Safe for use by many threads. */
public final class Faults {
  private final List<Counted> present = new ArrayList<>();
  private final Semaphore arrivals = new Semaphore(0);
  private CountDownLatch stalled = new CountDownLatch(1);

  Faults() {}

  /** Lets this go wrong, too. Of several that match a call the one added first counts it. */
  public synchronized void add(Fault fault) {
    present.add(new Counted(fault));
  }

  /** Lets nothing go wrong any more, and ends stalled calls. */
  public synchronized void clear() {
    present.clear();
    release();
  }

  /** Closes the connections of stalled calls. */
  public synchronized void release() {
    stalled.countDown();
    stalled = new CountDownLatch(1);
  }

  /** Returns once a call is stalled; each is waited for once. */
  public void awaitStalled() throws InterruptedException {
    if (!arrivals.tryAcquire(180, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no call is stalled");
    }
  }

  synchronized Optional<Fault> take(String method, String path) {
    for (Counted one : present) {
      if (one.fault.matches(method, path) && !one.isSpent()) {
        one.calls++;
        return one.calls > one.fault.skip() ? Optional.of(one.fault) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  void stall() throws InterruptedException {
    CountDownLatch end = latch();
    arrivals.release();
    end.await();
  }

  private synchronized CountDownLatch latch() {
    return stalled;
  }

  private static final class Counted {
    private final Fault fault;
    private long calls;

    Counted(Fault fault) {
      this.fault = fault;
    }

    boolean isSpent() {
      return calls >= (long) fault.skip() + fault.times();
    }
  }
}
