// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.core.store.jdbi.PlainStatement.RowReader;
import io.viewexport.core.store.jdbi.PlainStatement.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Runs the store's statements; what was undone by a deadlock is run again. */
final class Database {
  private static final int TRIES = 8;

  private final Jdbi jdbi;
  private final PlainConnections connections;
  private final SqlFiles sql;
  private final Map<String, PlainStatement> plain = new ConcurrentHashMap<>();

  Database(DataSource dataSource, SqlFiles sql) {
    this.connections = new PlainConnections(dataSource);
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

  /** Work whose every statement is a transaction of its own. */
  <T> T read(Function<Handle, T> work) {
    return again(() -> jdbi.withHandle(work::apply));
  }

  /** Work that is one transaction. */
  <T> T transact(Function<Handle, T> work) {
    return again(() -> jdbi.inTransaction(work::apply));
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

  private interface Work<T> {
    T run();
  }

  private static <T> T again(Work<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.run();
      } catch (JdbiException e) {
        if (tries == TRIES || !PostgresStoreFailures.mayRunAgain(e)) {
          throw PostgresStoreFailures.translate(e);
        }
      }
    }
  }
}
