// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database to read from: a pool of connections, and the embedded server where there is one. */
final class Database implements AutoCloseable {
  /** Connections that the engine needs beside one for each chunk. */
  private static final int SPARE_CONNECTIONS = 6;

  private final Optional<EmbeddedServer> server;
  private final HikariDataSource pool;
  private final JdbcUrl url;

  private Database(
      Optional<EmbeddedServer> server, JdbcUrl url, PGSimpleDataSource source, int chunks) {
    this.server = server;
    this.url = url;
    HikariConfig config = new HikariConfig();
    config.setPoolName("quickstart");
    config.setDataSource(source);
    config.setMaximumPoolSize(chunks + SPARE_CONNECTIONS);
    config.setMinimumIdle(1);
    config.setInitializationFailTimeout(-1);
    this.pool = new HikariDataSource(config);
  }

  /**
   * Opens somebody's database; the caller closes it.
   *
   * @param chunks how many connections are needed at the same time for reading
   * @throws QuickstartException where no connection can be made
   */
  static Database open(JdbcUrl url, int chunks) {
    PGSimpleDataSource source = source(url);
    try (Connection connection = source.getConnection()) {
      connection.isReadOnly();
    } catch (SQLException e) {
      throw DatabaseFailures.translate("The database can't be reached", e);
    } catch (RuntimeException e) {
      throw new QuickstartException(badUrl(), e);
    }
    return new Database(Optional.empty(), url, source, chunks);
  }

  /**
   * Starts an embedded PostgreSQL; closing the database stops it.
   *
   * @throws QuickstartException where it does not start
   */
  static Database embedded(int chunks) {
    EmbeddedServer server = EmbeddedServer.start();
    JdbcUrl url = new JdbcUrl(server.jdbcUrl());
    return new Database(Optional.of(server), url, source(url), chunks);
  }

  private static PGSimpleDataSource source(JdbcUrl url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl(url.value());
    } catch (RuntimeException e) {
      throw new QuickstartException(badUrl(), e);
    }
    if (source.getUser() == null) {
      Optional.ofNullable(System.getenv("PGUSER")).ifPresent(source::setUser);
    }
    if (source.getPassword() == null) {
      Optional.ofNullable(System.getenv("PGPASSWORD")).ifPresent(source::setPassword);
    }
    source.setApplicationName("viewexport-quickstart");
    return source;
  }

  private static String badUrl() {
    return "--jdbc is no PostgreSQL URL; write jdbc:postgresql://HOST:PORT/DATABASE?user=NAME.";
  }

  /** Where it is. */
  JdbcUrl url() {
    return url;
  }

  /** The pool. */
  DataSource pool() {
    return pool;
  }

  /** How many connections the pool may have. */
  int poolSize() {
    return pool.getMaximumPoolSize();
  }

  @Override
  public void close() {
    pool.close();
    server.ifPresent(EmbeddedServer::close);
  }
}
