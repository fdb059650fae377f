// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection borrowed from the host: remembers the state that it came in, and goes back in that
 * state, or is broken off where it can't.
 */
final class SourceConnection {
  private static final Logger LOG = LoggerFactory.getLogger(SourceConnection.class);
  private static final Duration CLEAN_UP_TIMEOUT = Duration.ofSeconds(30);
  private static final String QUERY_CANCELED = "57014";

  private final Connection connection;
  private final boolean autoCommit;
  private final int networkTimeout;

  private SourceConnection(Connection connection, boolean autoCommit, int networkTimeout) {
    this.connection = connection;
    this.autoCommit = autoCommit;
    this.networkTimeout = networkTimeout;
  }

  /** Borrows a connection; the caller ends it by {@link #giveBack} or {@link #breakOff}. */
  static SourceConnection borrow(DataSource dataSource) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      SourceConnection borrowed =
          new SourceConnection(
              connection, connection.getAutoCommit(), connection.getNetworkTimeout());
      if (!borrowed.autoCommit) {
        connection.rollback();
      }
      connection.setAutoCommit(false);
      return borrowed;
    } catch (SQLException e) {
      breakOff(connection);
      throw e;
    }
  }

  /** The connection, in a transaction from its first statement on. */
  Connection connection() {
    return connection;
  }

  /** How long one answer of the server may take; zero: as long as it likes. */
  void networkTimeout(Duration timeout) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
  }

  /** Runs statements of the library's own, which return nothing, in one round trip. */
  void run(String statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  /** The driver's own interface, also behind a pool's proxy. */
  PGConnection driver() throws SQLException {
    return connection.unwrap(PGConnection.class);
  }

  /** Ends a COPY that may still run and gives the connection back. Throws nothing. */
  void giveBack(CopyOut copy) {
    try {
      networkTimeout(CLEAN_UP_TIMEOUT);
      if (copy.isActive()) {
        driver().cancelQuery();
        drain(copy);
      }
    } catch (SQLException e) {
      logBroken(e);
      breakOff();
      return;
    }
    giveBack();
  }

  /**
   * Reads what is still to come, which the driver's own way to cancel a COPY would leave to the
   * next statement: that would take it for its own answer, and all later ones theirs for the one
   * before.
   */
  private static void drain(CopyOut copy) throws SQLException {
    try {
      byte[] data = copy.readFromCopy();
      while (data != null) {
        data = copy.readFromCopy();
      }
    } catch (SQLException e) {
      if (copy.isActive() || !QUERY_CANCELED.equals(PostgresFailures.sqlState(e))) {
        throw e;
      }
    }
  }

  /** Rolls back and gives the connection back as it came. Throws nothing. */
  void giveBack() {
    try {
      networkTimeout(CLEAN_UP_TIMEOUT);
      connection.rollback();
      connection.setAutoCommit(autoCommit);
      connection.setNetworkTimeout(Runnable::run, networkTimeout);
      connection.close();
    } catch (SQLException e) {
      logBroken(e);
      breakOff();
    }
  }

  /** Closes the connection's socket under the one who reads. Any thread; throws nothing. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      logBroken(e);
    }
  }

  /** Closes the connection and its socket: no one gets it again. Throws nothing. */
  void breakOff() {
    breakOff(connection);
  }

  private static void breakOff(Connection connection) {
    try {
      connection.abort(Runnable::run);
      connection.close();
    } catch (SQLException e) {
      logBroken(e);
    }
  }

  // The server's text may hold row values: only the code is logged.
  private static void logBroken(SQLException e) {
    LOG.debug("connection not reused: SQLSTATE {}", PostgresFailures.sqlState(e));
  }
}
