// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Several threads that begin at the same moment, and must come to an end. */
public final class Race {
  private static final Duration DEADLINE = Duration.ofSeconds(40);

  private Race() {}

  /** What one of the threads does. */
  public interface Part<T> {
    /** Runs on the thread of this number, from 0. */
    T run(int number) throws Exception;
  }

  /** What each thread gave. As soon as one fails, the others are interrupted. */
  public static <T> List<T> of(int threads, Part<T> part) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CompletionService<Integer> ended = new ExecutorCompletionService<>(pool);
      CyclicBarrier start = new CyclicBarrier(threads);
      Map<Integer, T> results = new ConcurrentHashMap<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        ended.submit(
            () -> {
              start.await();
              results.put(number, part.run(number));
              return number;
            });
      }
      awaitAll(threads, ended);
      return List.copyOf(new TreeMap<>(results).values());
    } finally {
      pool.shutdownNow();
    }
  }

  private static void awaitAll(int threads, CompletionService<Integer> ended) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    try {
      for (int left = threads; left > 0; left--) {
        Future<Integer> one = ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (one == null) {
          throw new AssertionError(
              left + " of " + threads + " threads have no end within " + DEADLINE);
        }
        one.get();
      }
    } catch (ExecutionException thrown) {
      throw new AssertionError("one of several threads: " + thrown.getCause(), thrown.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** For loops that end by what other threads do: true until the race is called off. */
  public static boolean goesOn() {
    return !Thread.currentThread().isInterrupted();
  }
}
