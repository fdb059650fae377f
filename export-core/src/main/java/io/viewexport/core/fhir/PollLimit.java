// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.JobId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Counts how soon after its last answer a job is asked for again. Safe for use by many threads. */
final class PollLimit {
  private static final int MOST_JOBS = 10_000;

  private final LongSupplier nanoTime;
  private final Optional<Duration> interval;
  private final Map<JobId, Long> answeredAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, Long> eldest) {
          return size() > MOST_JOBS;
        }
      };

  PollLimit(LongSupplier nanoTime, Optional<Duration> interval) {
    this.nanoTime = nanoTime;
    this.interval = interval;
  }

  /** How long to wait before asking; empty where it may be answered now, which is noted. */
  synchronized Optional<Duration> wait(JobId job) {
    if (interval.isEmpty()) {
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    Long last = answeredAt.get(job);
    long left = last == null ? 0 : interval.get().toNanos() - (now - last);
    if (left > 0) {
      return Optional.of(Duration.ofNanos(left));
    }
    answeredAt.put(job, now);
    return Optional.empty();
  }
}
