// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that does one thing again and again, whatever is thrown, until it is closed. */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration LONGEST_JOIN = Duration.ofSeconds(5);

  /** One turn. */
  @FunctionalInterface
  interface Turn {
    /** Does it and says how long to wait for the next. */
    Duration run();
  }

  private final String name;
  private final Turn turn;
  private final Health health;
  private final IntervalFunction pauses;
  private final Semaphore wakes = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Makes a loop that is not started.
   *
   * @param longestPause how long it waits at the most after turns that failed
   */
  Loop(String name, Turn turn, Health health, Duration longestPause) {
    this.name = name;
    this.turn = turn;
    this.health = health;
    Duration first = longestPause.dividedBy(20).plusMillis(1);
    pauses = IntervalFunction.ofExponentialRandomBackoff(first, 2, 0.5, longestPause.plusMillis(1));
    thread = Threads.named("viewexport-" + name).newThread(this::run);
  }

  void start() {
    thread.start();
  }

  /** Ends the wait that is under way, or the next one. */
  void wake() {
    if (wakes.availablePermits() == 0) {
      wakes.release();
    }
  }

  private void run() {
    int failures = 0;
    while (!closed) {
      Duration wait;
      try {
        wait = turn.run();
        failures = 0;
      } catch (Throwable thrown) {
        failures++;
        wait = Duration.ofMillis(pauses.apply(failures));
        report(thrown, failures);
      }
      await(wait);
    }
  }

  private void report(Throwable thrown, int failures) {
    health.note(thrown);
    LOG.warn("loop={} failed {} times in a row: {}", name, failures, thrown.getClass().getName());
    LOG.debug("loop={} failed: {}", name, Frames.of(thrown));
  }

  private void await(Duration wait) {
    try {
      if (!closed && wakes.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException interrupted) {
      LOG.debug("loop={} was interrupted and goes on until it is closed", name);
    }
  }

  /** Ends after the turn that is under way and waits for that, though not for ever. */
  @Override
  public void close() {
    closed = true;
    wakes.release();
    try {
      thread.join(LONGEST_JOIN.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
