// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.metrics;

import io.viewexport.core.store.QueueStats;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's latest figures. It is asked when they are wanted and old, by one thread at a time;
 * the others make do with what is there. So one round of reading costs one call, however many
 * figures it reads and however long the call takes, also where the store can't be reached.
 */
final class ClusterSample {
  /** For how long an answer, or that there was none, is taken for the present. */
  static final Duration FRESH = Duration.ofSeconds(5);

  /** After how long an answer is worth nothing, where the next one is still awaited. */
  static final Duration WORTHLESS = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClusterSample.class);

  private final Supplier<Optional<QueueStats>> store;
  private final LongSupplier nanoTime;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Optional<Answer> last = Optional.empty();

  /**
   * Asks nobody yet.
   *
   * @param nanoTime the monotonic clock, in nanoseconds
   */
  ClusterSample(Supplier<Optional<QueueStats>> store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /** What the store said, empty where it said nothing, and when that was. */
  private record Answer(Optional<QueueStats> stats, long at) {}

  /** The figures; empty where they are not to be had. */
  Optional<QueueStats> latest() {
    if (within(FRESH).isEmpty() && asking.tryLock()) {
      try {
        if (within(FRESH).isEmpty()) {
          Optional<QueueStats> stats = ask();
          last = Optional.of(new Answer(stats, nanoTime.getAsLong()));
        }
      } finally {
        asking.unlock();
      }
    }
    return within(WORTHLESS).flatMap(Answer::stats);
  }

  private Optional<Answer> within(Duration age) {
    return last.filter(answer -> nanoTime.getAsLong() - answer.at() < age.toNanos());
  }

  private Optional<QueueStats> ask() {
    try {
      return store.get();
    } catch (RuntimeException trouble) {
      LOG.debug("the store gave no figures: {}", trouble.getClass().getName());
      return Optional.empty();
    }
  }
}
