// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL of its own, to which all that befalls a database can happen. */
final class TroubledServer implements AutoCloseable {
  private static final String KILL =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";

  private final Path data;
  private final AtomicInteger databases = new AtomicInteger();
  private EmbeddedPostgres postgres;

  TroubledServer(Path data) throws IOException {
    this.data = data;
    postgres = builder().start();
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off")
        .setServerConfig("synchronous_commit", "on");
  }

  /** A new database. */
  String newDatabase() {
    String name = "trouble" + databases.incrementAndGet();
    execute("CREATE DATABASE " + name);
    return name;
  }

  PGSimpleDataSource dataSource(String database) {
    return dataSource(database, postgres.getPort());
  }

  PGSimpleDataSource dataSource(String database, int port) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"localhost"});
    dataSource.setPortNumbers(new int[] {port});
    dataSource.setDatabaseName(database);
    dataSource.setUser("postgres");
    return dataSource;
  }

  int port() {
    return postgres.getPort();
  }

  /** A pool like a host's. */
  static HikariDataSource pool(PGSimpleDataSource dataSource, int size) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(dataSource);
    config.setMaximumPoolSize(size);
    config.setConnectionTimeout(500);
    config.setValidationTimeout(250);
    return new HikariDataSource(config);
  }

  /** Runs a statement and returns its number, if it has one. */
  long execute(String sql) {
    try (Connection connection = dataSource("postgres").getConnection();
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return 0;
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Breaks off every connection. */
  long killConnections() {
    return execute(KILL);
  }

  /** Breaks off one connection of a database. */
  long killOne(String database) {
    return execute(
        KILL
            + " AND pid = (SELECT pid FROM pg_stat_activity WHERE datname = '"
            + database
            + "' ORDER BY random() LIMIT 1)");
  }

  /** Kills the server where it stands, and starts it again after a while. */
  void restart(Duration away) throws IOException, InterruptedException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
    new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
    int port = postgres.getPort();
    Await.until("the server is dead", () -> !Files.exists(data.resolve("postmaster.pid")));
    Await.pass(away);
    postgres.close();
    postgres = builder().setPort(port).start();
  }

  /** Breaks off every connection, and takes no changes from then on. */
  void readOnly() {
    execute("ALTER SYSTEM SET default_transaction_read_only = on");
    execute("SELECT count(pg_reload_conf())");
    Await.until(
        "it is read-only",
        () -> execute("SELECT CAST(current_setting('transaction_read_only') = 'on' AS int)") == 1);
    killConnections();
  }

  /** Takes changes again. */
  void writable() {
    execute("ALTER SYSTEM RESET default_transaction_read_only");
    execute("SELECT count(pg_reload_conf())");
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
