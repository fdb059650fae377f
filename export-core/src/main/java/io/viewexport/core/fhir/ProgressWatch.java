// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ExportJob;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Estimates when jobs end, from what their polls showed before, by this server's monotonic clock
 * alone. A server that sees a job for the first time says nothing. Safe for use by many threads.
 */
final class ProgressWatch {
  private static final int MOST_JOBS = 10_000;

  private final LongSupplier nanoTime;
  private final Duration stallTime;
  private final Map<String, Seen> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > MOST_JOBS;
        }
      };

  ProgressWatch(LongSupplier nanoTime, Duration stallTime) {
    this.nanoTime = nanoTime;
    this.stallTime = stallTime;
  }

  /** What earlier polls showed: the percentage at first, and the figures that changed last. */
  private record Seen(long firstAt, int firstPercent, long changedAt, int figures) {}

  /** The time that is left; empty where it can't be told, or where nothing moves. */
  synchronized Optional<Duration> remaining(ExportJob job) {
    String id = job.id().value();
    if (job.state().isFinal()) {
      seen.remove(id);
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    int percent = Progress.percent(job);
    int figures = figures(job);
    Seen before = seen.get(id);
    if (before == null) {
      seen.put(id, new Seen(now, percent, now, figures));
      return Optional.empty();
    }
    boolean moved = before.figures != figures;
    long changedAt = moved ? now : before.changedAt;
    seen.put(id, new Seen(before.firstAt, before.firstPercent, changedAt, figures));
    int gained = percent - before.firstPercent;
    if (gained <= 0 || now - changedAt > stallTime.toNanos()) {
      return Optional.empty();
    }
    double nanosPerPercent = (double) (now - before.firstAt) / gained;
    return Optional.of(Duration.ofNanos((long) (nanosPerPercent * (100 - percent))));
  }

  /** Another number whenever the job has moved, forth or back. */
  private static int figures(ExportJob job) {
    return Objects.hash(job.state(), job.outputs());
  }
}
