// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * A worker that is frozen right after it was told, for the n-th time, that it may go on. Once it is
 * thawed it acts on that word, and is told to stop from then on: its lease has ended meanwhile.
 */
public final class Freezer implements BooleanSupplier {
  private final int at;
  private final CompletableFuture<Boolean> froze = new CompletableFuture<>();
  private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
  private final CountDownLatch thaw = new CountDownLatch(1);
  private int asked;

  private Freezer(int at) {
    this.at = at;
  }

  /** Freezes at the n-th question, counted from 1. */
  public static Freezer at(int question) {
    return new Freezer(question);
  }

  /** Whether the worker is to stop. */
  @Override
  public boolean getAsBoolean() {
    if (thaw.getCount() == 0) {
      return true;
    }
    if (++asked == at) {
      froze.complete(true);
      await();
    }
    return false;
  }

  private void await() {
    try {
      thaw.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a frozen worker", e);
    }
  }

  /** Starts the worker; says whether it froze, or came to its end before. */
  public boolean freezes(Runnable work) {
    Thread worker =
        new Thread(
            () -> {
              Optional<Throwable> thrown = Optional.empty();
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                thrown = Optional.of(e);
              }
              ended.complete(thrown);
              froze.complete(false);
            });
    worker.setDaemon(true);
    worker.start();
    return froze.join();
  }

  /** Lets the worker go on to its end; gives what it threw. */
  public Optional<Throwable> thaw() {
    thaw.countDown();
    return ended.join();
  }
}
