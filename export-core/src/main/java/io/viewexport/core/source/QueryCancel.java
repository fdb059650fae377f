// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Cancels what a connection is running when the stop signal is given: by the server's cancel
 * request, repeated since it may come between two statements, and at last by closing the socket.
 */
final class QueryCancel {
  private static final int REQUESTS = 20;
  private static final long PAUSE_MILLIS = 500;

  private final SourceConnection source;
  private final PGConnection driver;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final StopSignal stop;
  private StopSignal.@Nullable Registration registration;
  private @Nullable Thread worker;
  private volatile boolean requested;

  private QueryCancel(SourceConnection source, PGConnection driver, StopSignal stop) {
    this.source = source;
    this.driver = driver;
    this.stop = stop;
  }

  /** Watches the signal until {@link #end}. */
  static QueryCancel watch(StopSignal stop, SourceConnection source) throws SQLException {
    QueryCancel cancel = new QueryCancel(source, source.driver(), stop);
    cancel.registration = stop.onStop(cancel::fire);
    return cancel;
  }

  /** Whether the signal was given. Cheap enough to be asked at every row. */
  boolean requested() {
    return requested;
  }

  /** What to throw where {@link #requested}. */
  ExportStoppedException stopped() {
    Optional<StopReason> reason = stop.reason();
    return new ExportStoppedException(reason.orElse(StopReason.JOB_ENDING));
  }

  /**
   * Ends the watching. After it no cancel request is sent, nor one still under way that could hit
   * the connection's next user.
   */
  void end() {
    Thread started;
    synchronized (this) {
      ended.countDown();
      started = worker;
    }
    if (registration != null) {
      registration.close();
    }
    if (started != null) {
      joinUninterruptibly(started);
    }
  }

  private synchronized void fire() {
    requested = true;
    if (ended.getCount() > 0 && worker == null) {
      worker = new Thread(this::cancel, "viewexport-cancel");
      worker.setDaemon(true);
      worker.start();
    }
  }

  private void cancel() {
    try {
      for (int i = 0; i < REQUESTS && ended.getCount() > 0; i++) {
        driver.cancelQuery();
        if (ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      source.abort();
    } catch (SQLException e) {
      // The server can't be asked to cancel; without its socket the reader ends all the same.
      source.abort();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
