// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * Connections as the store needs them, from whatever pool: autocommit, read committed, writable;
 * given back as they came.
 */
final class PlainConnections implements ConnectionFactory {
  private static final int UNKNOWN = -1;

  private final DataSource dataSource;
  private final Map<Connection, Settings> changed =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /**
   * The isolation that the pool gives its connections. Asked for once: the answer takes a query,
   * and a pool gives all the same.
   */
  private volatile int isolation = UNKNOWN;

  PlainConnections(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  private record Settings(boolean autoCommit, boolean readOnly, int isolation) {
    static final Settings OURS = new Settings(true, false, Connection.TRANSACTION_READ_COMMITTED);

    /** The others can't be changed while a transaction is open, so autocommit comes on first. */
    void applyTo(Connection connection, Settings current) throws SQLException {
      connection.setAutoCommit(true);
      if (readOnly != current.readOnly) {
        connection.setReadOnly(readOnly);
      }
      if (isolation != current.isolation) {
        connection.setTransactionIsolation(isolation);
      }
      connection.setAutoCommit(autoCommit);
    }
  }

  @Override
  public Connection openConnection() throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      prepare(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void prepare(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    if (isolation == UNKNOWN) {
      connection.setAutoCommit(true);
      isolation = connection.getTransactionIsolation();
    }
    Settings found = new Settings(autoCommit, connection.isReadOnly(), isolation);
    if (!found.equals(Settings.OURS)) {
      Settings.OURS.applyTo(connection, found);
      changed.put(connection, found);
    }
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    Settings found = changed.remove(connection);
    try {
      if (found != null) {
        found.applyTo(connection, Settings.OURS);
      }
    } finally {
      connection.close();
    }
  }
}
