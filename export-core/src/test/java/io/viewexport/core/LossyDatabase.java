// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/**
 * A database whose connection breaks at one statement: before it, or after the transaction that it
 * belongs to was committed, so that only the answer is lost.
 */
final class LossyDatabase {
  private enum When {
    BEFORE,
    AFTER_COMMIT
  }

  private record Loss(String sqlPart, When when) {}

  private static final Loss NONE = new Loss("nothing of the kind", When.BEFORE);

  private final DataSource database;
  private final AtomicReference<Loss> next = new AtomicReference<>(NONE);

  LossyDatabase(DataSource database) {
    this.database = database;
  }

  /** The next transaction with a statement that has this text is done, but its answer lost. */
  void loseAnswerTo(String sqlPart) {
    next.set(new Loss(sqlPart, When.AFTER_COMMIT));
  }

  /** The connection breaks before the next statement that has this text. */
  void breakBefore(String sqlPart) {
    next.set(new Loss(sqlPart, When.BEFORE));
  }

  /** Whether what was asked for has come to pass. */
  boolean isOver() {
    return NONE.equals(next.get());
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        (self, method, arguments) ->
            proxy(Connection.class, new Lossy((Connection) call(database, method, arguments))));
  }

  private final class Lossy implements InvocationHandler {
    private final Connection connection;
    private boolean losesCommit;

    Lossy(Connection connection) {
      this.connection = connection;
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
      switch (method.getName()) {
        case "prepareStatement" -> {
          String sql = (String) arguments[0];
          PreparedStatement statement = (PreparedStatement) call(connection, method, arguments);
          return proxy(
              PreparedStatement.class,
              (proxy, called, values) -> statement(sql, statement, called, values));
        }
        case "commit" -> {
          Object result = call(connection, method, arguments);
          if (losesCommit) {
            throw broken();
          }
          return result;
        }
        case "equals" -> {
          return self == arguments[0];
        }
        case "hashCode" -> {
          return System.identityHashCode(self);
        }
        default -> {
          return call(connection, method, arguments);
        }
      }
    }

    private Object statement(
        String sql, PreparedStatement statement, Method called, Object[] values) throws Throwable {
      Loss loss = Objects.requireNonNullElse(next.get(), NONE);
      boolean hit = called.getName().startsWith("execute") && sql.contains(loss.sqlPart());
      if (!hit || !next.compareAndSet(loss, NONE)) {
        return call(statement, called, values);
      }
      if (loss.when() == When.BEFORE) {
        throw broken();
      }
      Object result = call(statement, called, values);
      if (connection.getAutoCommit()) {
        throw broken();
      }
      losesCommit = true;
      return result;
    }

    private SQLException broken() throws SQLException {
      connection.abort(Runnable::run);
      return new SQLException("broken by the test", "08006");
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            LossyDatabase.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
