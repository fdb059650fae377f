// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections as the store needs them, from whatever pool: autocommit, read committed, writable,
 * and with an end to the wait for an answer; given back as they came, or broken off where they
 * can't be.
 */
final class PlainConnections implements ConnectionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(PlainConnections.class);
  private static final int UNKNOWN = -1;

  private final DataSource dataSource;
  private final int timeoutMillis;
  private final Map<Connection, Settings> changed =
      Collections.synchronizedMap(new IdentityHashMap<>());

  /**
   * The isolation that the pool gives its connections. Asked for once: the answer takes a query,
   * and a pool gives all the same.
   */
  private volatile int isolation = UNKNOWN;

  /**
   * Connections of a pool.
   *
   * @param timeout how long one answer of the server may take
   */
  PlainConnections(DataSource dataSource, Duration timeout) {
    this.dataSource = dataSource;
    this.timeoutMillis = millis(timeout);
  }

  /** At least one millisecond: none would be no end at all. */
  static int millis(Duration timeout) {
    return (int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE));
  }

  private record Settings(boolean autoCommit, boolean readOnly, int isolation, int timeoutMillis) {

    /** What the store works with. */
    Settings ours() {
      return new Settings(true, false, Connection.TRANSACTION_READ_COMMITTED, timeoutMillis);
    }

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
      changed.remove(connection);
      breakOff(connection);
      throw e;
    }
  }

  /** The time-out comes first: the connection may be dead already. The driver sets it by itself. */
  private void prepare(Connection connection) throws SQLException {
    int timeout = connection.getNetworkTimeout();
    connection.setNetworkTimeout(Runnable::run, timeoutMillis);
    boolean autoCommit = connection.getAutoCommit();
    if (isolation == UNKNOWN) {
      connection.setAutoCommit(true);
      isolation = connection.getTransactionIsolation();
    }
    Settings found = new Settings(autoCommit, connection.isReadOnly(), isolation, timeout);
    changed.put(connection, found);
    Settings ours = found.ours();
    if (!found.equals(ours)) {
      ours.applyTo(connection, found);
    }
  }

  /** Throws nothing: the work on the connection is done, and its outcome known. */
  @Override
  public void closeConnection(Connection connection) {
    Settings found = changed.remove(connection);
    try {
      if (found != null) {
        Settings ours = found.ours();
        if (!found.equals(ours)) {
          found.applyTo(connection, ours);
        }
        connection.setNetworkTimeout(Runnable::run, found.timeoutMillis);
      }
      connection.close();
    } catch (SQLException e) {
      logBroken(e);
      breakOff(connection);
    }
  }

  /** Closes a connection and its socket, so that no one gets it again. Throws nothing. */
  static void breakOff(Connection connection) {
    try {
      connection.abort(Runnable::run);
      connection.close();
    } catch (SQLException e) {
      logBroken(e);
    }
  }

  // The server's text may hold row values: only the code is logged.
  private static void logBroken(SQLException e) {
    LOG.debug("connection not reused: SQLSTATE {}", e.getSQLState());
  }
}
