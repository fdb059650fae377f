// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Holds up the first thread of a pod that reaches the point for which it is armed. */
final class Gate {
  private final Consumer<String> tell;
  private final AtomicReference<@Nullable Barrier> armed = new AtomicReference<>();
  private volatile Barrier last = new Barrier("", Point.CLAIMED, new CountDownLatch(0));

  private record Barrier(String number, Point point, CountDownLatch opened) {}

  /** Passes on who was held up, as {@code reached NUMBER}. */
  Gate(Consumer<String> tell) {
    this.tell = tell;
  }

  void arm(String number, Point point) {
    Barrier barrier = new Barrier(number, point, new CountDownLatch(1));
    last = barrier;
    armed.set(barrier);
  }

  /** Lets go who is held up, and holds up nobody any more. */
  void open() {
    armed.set(null);
    last.opened().countDown();
  }

  /** Called by whoever passes the point. */
  void reach(Point point) {
    Barrier barrier = armed.get();
    if (barrier == null || barrier.point() != point || !armed.compareAndSet(barrier, null)) {
      return;
    }
    tell.accept("reached " + barrier.number());
    try {
      barrier.opened().await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
