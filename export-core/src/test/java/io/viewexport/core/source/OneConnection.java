// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A pool of one connection: lends it through a proxy and keeps whatever state it comes back in. */
final class OneConnection implements DataSource {
  /** The time-out that the pool has set on its connection, in milliseconds. */
  static final int NETWORK_TIMEOUT = 123_456;

  private final DataSource from;
  private Connection connection;
  private boolean lent;
  private int borrowed;

  OneConnection(DataSource from) {
    this.from = from;
    try {
      connection = connect();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect() throws SQLException {
    Connection made = from.getConnection();
    made.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT);
    return made;
  }

  synchronized boolean isLent() {
    return lent;
  }

  synchronized int borrowed() {
    return borrowed;
  }

  synchronized boolean isBroken() {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized Connection getConnection() throws SQLException {
    if (lent) {
      throw new SQLException("the only connection is lent", "53300");
    }
    if (connection.isClosed()) {
      connection = connect();
    }
    lent = true;
    borrowed++;
    Connection target = connection;
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            giveBack();
            return null;
          }
          try {
            return method.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (Connection)
        Proxy.newProxyInstance(
            OneConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
  }

  private synchronized void giveBack() {
    lent = false;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
