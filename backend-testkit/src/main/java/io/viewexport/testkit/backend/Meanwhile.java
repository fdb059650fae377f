// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What another server does while a call stands still in the middle: to its end, unless it has to
 * wait for what the call holds; then the call goes on after a moment.
 */
final class Meanwhile<T> implements Runnable {
  /** It waits for something when it was not seen running so often, whatever time that took. */
  private static final int STANDS_STILL = 15;

  /** It may wait for a connection while it seems to run. */
  private static final Duration LONGEST = Duration.ofSeconds(4);

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final FutureTask<T> work;
  private final Duration longest;

  Meanwhile(Callable<T> work) {
    this(work, LONGEST);
  }

  /** Something that only waits where its thread says so, or after this time. */
  Meanwhile(Callable<T> work, Duration longest) {
    this.work = new FutureTask<>(work);
    this.longest = longest;
  }

  @Override
  public void run() {
    Thread thread = new Thread(work, "meanwhile");
    thread.setDaemon(true);
    thread.start();
    long begun = System.nanoTime();
    int still = 0;
    while (!work.isDone()
        && still < STANDS_STILL
        && System.nanoTime() - begun < longest.toNanos()
        && waited(POLL)) {
      still = thread.getState() == Thread.State.RUNNABLE ? 0 : still + 1;
    }
  }

  /** Waits so long; false where the waiting thread was interrupted. */
  private boolean waited(Duration time) {
    try {
      work.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException looked) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  /** What it gave; throws what it threw. */
  T result() {
    try {
      return work.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError("another server's call failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("another server's call has no end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Waits until it is over, whatever it comes to. */
  void await() {
    Throwable unused = thrown();
  }

  /** What it threw; {@code null} where it came to its end. */
  @Nullable Throwable thrown() {
    try {
      result();
      return null;
    } catch (RuntimeException failure) {
      return failure;
    }
  }
}
