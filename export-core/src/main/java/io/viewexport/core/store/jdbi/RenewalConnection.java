// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.core.store.JobStoreException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that renewals keep for themselves, so that they never wait for a place in the
 * pool. One that fails is broken off, and the next renewal takes a new one. Those who share a store
 * take turns.
 */
final class RenewalConnection implements AutoCloseable {
  private final Database database;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile @Nullable Handle kept;
  private volatile boolean closed;

  RenewalConnection(Database database) {
    this.database = database;
  }

  /** Takes the connection, unless it is there: before the first lease, while there still is one. */
  void take() {
    if (kept == null) {
      turn.lock();
      try {
        current();
      } finally {
        turn.unlock();
      }
    }
  }

  /**
   * Runs work whose every statement is a transaction of its own.
   *
   * @param timeout how long one answer of the server may take
   */
  <T> T use(Duration timeout, Function<Handle, T> work) {
    turn.lock();
    try {
      Handle handle = current();
      limit(handle, timeout);
      return database.read(handle, work);
    } catch (JobStoreException e) {
      breakOff();
      throw e;
    } finally {
      turn.unlock();
    }
  }

  private Handle current() {
    if (closed) {
      throw new JobStoreException("The job store is closed.", null);
    }
    Handle handle = kept;
    if (handle != null && isDead(handle)) {
      breakOff();
      handle = null;
    }
    if (handle == null) {
      handle = database.open();
      kept = handle;
    }
    return handle;
  }

  /** Whether it is known to be closed, by a pool that takes back what is lent for long, perhaps. */
  private static boolean isDead(Handle handle) {
    try {
      return handle.getConnection().isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  private static void limit(Handle handle, Duration timeout) {
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, PlainConnections.millis(timeout));
    } catch (SQLException e) {
      throw PostgresStoreFailures.translate(e);
    }
  }

  private void breakOff() {
    Handle handle = kept;
    kept = null;
    if (handle != null) {
      PlainConnections.breakOff(handle.getConnection());
      handle.close();
    }
  }

  /** Gives the connection back. */
  @Override
  public void close() {
    turn.lock();
    try {
      closed = true;
      Handle handle = kept;
      kept = null;
      if (handle != null) {
        handle.close();
      }
    } finally {
      turn.unlock();
    }
  }
}
