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
  private final DataSource dataSource;
  private final Map<Connection, Settings> borrowed = Collections.synchronizedMap(new IdentityHashMap<>());

  PlainConnections(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  private record Settings(boolean autoCommit, boolean readOnly, int isolation) {
    static final Settings OURS = new Settings(true, false, Connection.TRANSACTION_READ_COMMITTED);

    void applyTo(Connection connection, Settings current) throws SQLException {
      if (!current.autoCommit) {
        connection.setAutoCommit(true);
      }
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
      boolean autoCommit = connection.getAutoCommit();
      if (!autoCommit) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      Settings found =
          new Settings(
              autoCommit, connection.isReadOnly(), connection.getTransactionIsolation());
      if (!found.equals(Settings.OURS)) {
        Settings.OURS.applyTo(connection, found);
        borrowed.put(connection, found);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void closeConnection(Connection connection) throws SQLException {
    Settings found = borrowed.remove(connection);
    try {
      if (found != null) {
        found.applyTo(connection, Settings.OURS);
      }
    } finally {
      connection.close();
    }
  }
}
