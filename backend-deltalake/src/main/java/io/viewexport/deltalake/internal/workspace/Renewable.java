// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that holds for some time and is made anew before it ends: by one thread at a time, while
 * the others go on with the old one as long as it holds, and wait where it doesn't. Where it can't
 * be made anew, the old one serves to its end. Goes by the monotonic clock. Safe for use by many
 * threads.
 */
public final class Renewable<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Renewable.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration SAFETY = Duration.ofSeconds(30);

  /**
   * A value just made.
   *
   * @param value the value; may be a secret
   * @param lifetime how long it holds from when it was asked for
   * @param renewAfter after how much of that it is to be made anew
   */
  public record Fresh<T>(T value, Duration lifetime, Duration renewAfter) {

    /** Checks that none is null. */
    public Fresh {
      Objects.requireNonNull(value, "value");
      Objects.requireNonNull(lifetime, "lifetime");
      Objects.requireNonNull(renewAfter, "renewAfter");
    }

    /** Without the value. */
    @Override
    public String toString() {
      return "Fresh[lifetime=" + lifetime + ", renewAfter=" + renewAfter + "]";
    }
  }

  private static final class Held<T> {
    final T value;
    final long end;
    final long renewal;

    Held(T value, long end, long renewal) {
      this.value = value;
      this.end = end;
      this.renewal = renewal;
    }

    boolean isDue(long now) {
      return now - renewal >= 0 || !isUsable(now);
    }

    boolean isUsable(long now) {
      return now - end < 0;
    }
  }

  private final Pause pause;
  private @Nullable Held<T> held;
  private @Nullable CompletableFuture<Void> renewing;

  /** Has no value yet. */
  public Renewable(Pause pause) {
    this.pause = pause;
  }

  /**
   * A value that holds.
   *
   * @param stop ends waiting for another thread that makes it
   * @param source makes one, where it has to be this thread
   * @throws ExportException what {@code source} throws, in whatever thread
   * @throws ExportStoppedException once told to stop
   */
  public T get(StopSignal stop, Supplier<Fresh<T>> source) {
    while (true) {
      CompletableFuture<Void> others;
      CompletableFuture<Void> own = new CompletableFuture<>();
      synchronized (this) {
        long now = pause.nanoTime();
        if (held != null && (!held.isDue(now) || (renewing != null && held.isUsable(now)))) {
          return held.value;
        }
        others = renewing;
        if (others == null) {
          renewing = own;
        }
      }
      if (others == null) {
        return renew(own, source);
      }
      await(others, stop);
    }
  }

  /** Takes a value out of use that turned out not to hold; another one stays. */
  public synchronized void drop(T value) {
    if (held != null && held.value == value) {
      held = null;
    }
  }

  /** Takes whatever value there is out of use. */
  public synchronized void drop() {
    held = null;
  }

  private T renew(CompletableFuture<Void> own, Supplier<Fresh<T>> source) {
    long asked = pause.nanoTime();
    try {
      Fresh<T> fresh = source.get();
      synchronized (this) {
        held = held(fresh, asked);
      }
      end(own, null);
      return fresh.value();
    } catch (RuntimeException | Error e) {
      T old = e instanceof ExportStoppedException || e instanceof Error ? null : postponed();
      end(own, old == null ? e : null);
      if (old == null) {
        throw e;
      }
      LOG.debug("not renewed: {}; the old one still holds", e.getClass().getName());
      return old;
    }
  }

  private static <T> Held<T> held(Fresh<T> fresh, long asked) {
    Duration quarter = fresh.lifetime().dividedBy(4);
    Duration safety = quarter.compareTo(SAFETY) < 0 ? quarter : SAFETY;
    return new Held<>(
        fresh.value(),
        asked + fresh.lifetime().minus(safety).toNanos(),
        asked + fresh.renewAfter().toNanos());
  }

  /** The old value, where it holds yet; not renewed again for a while. */
  private synchronized @Nullable T postponed() {
    long now = pause.nanoTime();
    if (held == null || !held.isUsable(now)) {
      return null;
    }
    held = new Held<>(held.value, held.end, now + PAUSE_AFTER_FAILURE.toNanos());
    return held.value;
  }

  private void end(CompletableFuture<Void> own, @Nullable Throwable failure) {
    synchronized (this) {
      renewing = null;
    }
    if (failure == null) {
      own.complete(null);
    } else {
      own.completeExceptionally(failure);
    }
  }

  /** Until another thread has ended; throws what it failed by, unless that was its own affair. */
  private static void await(CompletableFuture<Void> others, StopSignal stop) {
    CompletableFuture<Void> woken = new CompletableFuture<>();
    StopSignal.Registration registered = stop.onStop(() -> woken.complete(null));
    try {
      CompletableFuture.anyOf(others, woken).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExportStoppedException(StopReason.SHUTDOWN);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ExportException failure) {
        throw failure;
      }
    } finally {
      registered.close();
    }
    stop.throwIfStopped();
  }
}
