// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.LinkedBlockingDeque;
import javax.sql.DataSource;

/** Keeps connections open between uses, as a host's pool does. */
public final class TestPool {
  /** How a pool hands out its connections. */
  interface Setup {
    void apply(Connection connection) throws SQLException;
  }

  private final LinkedBlockingDeque<Connection> idle = new LinkedBlockingDeque<>();
  private final DataSource source;
  private final Setup setup;

  private TestPool(DataSource source, Setup setup) {
    this.source = source;
    this.setup = setup;
  }

  public static DataSource of(DataSource source) {
    return of(source, connection -> {});
  }

  static DataSource of(DataSource source, Setup setup) {
    TestPool pool = new TestPool(source, setup);
    return (DataSource)
        Proxy.newProxyInstance(
            TestPool.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> pool.borrow());
  }

  private Connection borrow() throws SQLException {
    Connection pooled = idle.pollFirst();
    if (pooled == null) {
      pooled = source.getConnection();
      setup.apply(pooled);
    }
    Connection connection = pooled;
    return (Connection)
        Proxy.newProxyInstance(
            TestPool.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              switch (method.getName()) {
                case "close" -> {
                  idle.addFirst(connection);
                  return null;
                }
                case "equals" -> {
                  return self == arguments[0];
                }
                case "hashCode" -> {
                  return System.identityHashCode(self);
                }
                default -> {
                  try {
                    return method.invoke(connection, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }
              }
            });
  }
}
