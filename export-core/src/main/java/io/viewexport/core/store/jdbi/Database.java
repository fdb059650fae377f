// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.core.store.jdbi.PlainStatement.RowReader;
import io.viewexport.core.store.jdbi.PlainStatement.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Runs the store's statements; what was undone by a deadlock is run again. A connection on which
 * the server says that it is read-only is broken off: a pool that gets a new one for it may find
 * the server that has taken over.
 */
final class Database {
  private static final int TRIES = 8;

  /** Lets those go first who were in the way: run at once, the work would meet them again. */
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

  private final Jdbi jdbi;
  private final PlainConnections connections;
  private final SqlFiles sql;
  private final Map<String, PlainStatement> plain = new ConcurrentHashMap<>();

  /**
   * A database.
   *
   * @param timeout how long one answer of it may take
   */
  Database(DataSource dataSource, SqlFiles sql, Duration timeout) {
    this.connections = new PlainConnections(dataSource, timeout);
    this.jdbi = Jdbi.create(connections);
    this.sql = sql;
  }

  SqlFiles sql() {
    return sql;
  }

  Query query(Handle handle, String statement) {
    return handle.createQuery(sql.statement(statement));
  }

  Update update(Handle handle, String statement) {
    return handle.createUpdate(sql.statement(statement));
  }

  /** A connection for long; the caller closes it. */
  Handle open() {
    return again(jdbi::open);
  }

  /** Work whose every statement is a transaction of its own. */
  <T> T read(Function<Handle, T> work) {
    return again(() -> jdbi.withHandle(handle -> on(handle, work)));
  }

  /** The same, on a connection that is the caller's. */
  <T> T read(Handle handle, Function<Handle, T> work) {
    return again(() -> on(handle, work));
  }

  /** Work that is one transaction. */
  <T> T transact(Function<Handle, T> work) {
    return again(() -> jdbi.inTransaction(handle -> on(handle, work)));
  }

  /** Work whose every statement sees the same state of the store, and that changes nothing. */
  <T> T snapshot(Function<Handle, T> work) {
    return again(() -> jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work::apply));
  }

  /** A query that is a transaction of its own. */
  <T> List<T> list(String statement, Values values, RowReader<T> reader) {
    return again(
        () -> {
          try {
            Connection connection = connections.openConnection();
            try {
              return list(connection, statement, values, reader);
            } finally {
              connections.closeConnection(connection);
            }
          } catch (SQLException e) {
            throw new PlainFailure(e);
          }
        });
  }

  /** A query within a transaction. */
  <T> List<T> list(Connection connection, String statement, Values values, RowReader<T> reader) {
    try {
      return plain
          .computeIfAbsent(statement, name -> PlainStatement.of(sql.statement(name)))
          .list(connection, values, reader);
    } catch (SQLException e) {
      if (PostgresStoreFailures.isReadOnly(e)) {
        PlainConnections.breakOff(connection);
      }
      throw new PlainFailure(e);
    }
  }

  /** As JDBI wraps it. */
  private static final class PlainFailure extends JdbiException {
    private static final long serialVersionUID = 1;

    PlainFailure(SQLException cause) {
      super(cause);
    }
  }

  private static <T> T on(Handle handle, Function<Handle, T> work) {
    try {
      return work.apply(handle);
    } catch (JdbiException e) {
      if (PostgresStoreFailures.isReadOnly(e)) {
        PlainConnections.breakOff(handle.getConnection());
      }
      throw e;
    }
  }

  private static <T> T again(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (JdbiException e) {
        if (tries == TRIES || !PostgresStoreFailures.mayRunAgain(e)) {
          throw PostgresStoreFailures.translate(e);
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
      }
    }
  }
}
