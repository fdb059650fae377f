// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * How long one thing took, several times, in seconds: by the clock, and of the processor for the
 * thread that ran it.
 */
final class Timings {
  private static final double NANOS = 1e9;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> cpuSeconds = new ArrayList<>();

  /** Something that is timed. */
  @FunctionalInterface
  interface Timed {
    void run() throws Exception;
  }

  /** Runs it and keeps how long it took. */
  void time(Timed timed) throws Exception {
    long start = System.nanoTime();
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    timed.run();
    cpuSeconds.add((THREADS.getCurrentThreadCpuTime() - cpuStart) / NANOS);
    seconds.add((System.nanoTime() - start) / NANOS);
  }

  /** Forgets what was measured: it only warmed up. */
  void clear() {
    seconds.clear();
    cpuSeconds.clear();
  }

  /** The time in the middle. */
  double median() {
    return median(seconds);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Such as {@code 1.234 s (1.200 to 1.301), 1,620,746 rows/s, 0.987 s CPU}. */
  String summary(long rows) {
    return String.format(
        Locale.ROOT,
        "%.3f s (%.3f to %.3f), %,.0f rows/s, %.3f s CPU",
        median(),
        Collections.min(seconds),
        Collections.max(seconds),
        rows / median(),
        median(cpuSeconds));
  }
}
