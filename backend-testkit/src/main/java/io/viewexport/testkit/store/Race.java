// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Several threads that begin at the same moment, and must come to an end. */
final class Race {
  private static final Duration DEADLINE = Duration.ofSeconds(40);

  private Race() {}

  /** What one of the threads does. */
  interface Part<T> {
    T run(int number) throws Exception;
  }

  /** What each thread gave. */
  static <T> List<T> of(int threads, Part<T> part) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  return part.run(number);
                }));
      }
      return ends(running);
    } finally {
      pool.shutdownNow();
    }
  }

  private static <T> List<T> ends(List<Future<T>> running) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    List<T> ends = new ArrayList<>();
    for (Future<T> one : running) {
      try {
        ends.add(one.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
      } catch (TimeoutException late) {
        throw new AssertionError("no end within " + DEADLINE + ": they wait for each other", late);
      } catch (ExecutionException thrown) {
        throw new AssertionError("one of several threads: " + thrown.getCause(), thrown.getCause());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", interrupted);
      }
    }
    return ends;
  }
}
