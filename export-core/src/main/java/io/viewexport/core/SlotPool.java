// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A fixed number of threads for tasks, none of which ever waits in a queue. */
final class SlotPool {
  private final int size;
  private final Semaphore slots;
  private final ExecutorService threads;
  private final Runnable onFree;

  /**
   * Makes the slots.
   *
   * @param onFree runs whenever one becomes free
   */
  SlotPool(int size, Runnable onFree) {
    this.size = size;
    this.onFree = onFree;
    slots = new Semaphore(size);
    threads = Executors.newFixedThreadPool(size, Threads.named("viewexport-worker"));
  }

  int free() {
    return slots.availablePermits();
  }

  /** Runs a task; there must be a free slot. Returns false where no more are taken. */
  boolean run(Runnable task) {
    if (!slots.tryAcquire()) {
      throw new IllegalStateException("no slot is free");
    }
    try {
      threads.execute(() -> runAndFree(task));
      return true;
    } catch (RejectedExecutionException shutDown) {
      slots.release();
      return false;
    }
  }

  private void runAndFree(Runnable task) {
    try {
      task.run();
    } finally {
      slots.release();
      onFree.run();
    }
  }

  /** Waits until nothing runs, at most this long; returns whether nothing does. */
  boolean awaitIdle(Duration longest) {
    try {
      boolean idle = slots.tryAcquire(size, longest.toNanos(), TimeUnit.NANOSECONDS);
      if (idle) {
        slots.release(size);
      }
      return idle;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Interrupts what runs and takes no more. */
  void shutDown() {
    threads.shutdownNow();
  }
}
