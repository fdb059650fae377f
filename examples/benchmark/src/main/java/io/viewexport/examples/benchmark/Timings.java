// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How long one thing took, several times, in seconds. */
final class Timings {
  private static final double NANOS = 1e9;

  private final List<Double> seconds = new ArrayList<>();

  /** Something that is timed. */
  @FunctionalInterface
  interface Timed {
    void run() throws Exception;
  }

  /** Runs it and keeps how long it took. */
  void time(Timed timed) throws Exception {
    long start = System.nanoTime();
    timed.run();
    seconds.add((System.nanoTime() - start) / NANOS);
  }

  /** Forgets what was measured: it only warmed up. */
  void clear() {
    seconds.clear();
  }

  /** The time in the middle. */
  double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Such as {@code 1.234 s (1.200 to 1.301), 1620746 rows/s}. */
  String summary(long rows) {
    return String.format(
        Locale.ROOT,
        "%.3f s (%.3f to %.3f), %,.0f rows/s",
        median(),
        Collections.min(seconds),
        Collections.max(seconds),
        rows / median());
  }
}
