// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** One PostgreSQL for all tests of the JVM, with a database and a pool for each name. */
public final class TestPostgres {
  private static final EmbeddedPostgres POSTGRES = start();
  private static final Map<String, DataSource> POOLS = new ConcurrentHashMap<>();

  private TestPostgres() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("max_prepared_transactions", "20")
          .setServerConfig("fsync", "off")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pool of the database of this name. */
  public static DataSource database(String name) {
    return POOLS.computeIfAbsent(name, TestPostgres::create);
  }

  private static DataSource create(String name) {
    run(POSTGRES.getPostgresDatabase(), "CREATE DATABASE " + name);
    HikariConfig config = new HikariConfig();
    config.setDataSource(POSTGRES.getDatabase("postgres", name));
    config.setMaximumPoolSize(12);
    return new HikariDataSource(config);
  }

  /** Runs a statement, or several. */
  public static void run(DataSource database, String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets the store's time pass: moves every time in it back. */
  public static void moveTimesBack(DataSource database, Duration time) {
    run(
        database,
        """
        UPDATE viewexport.task SET due_at = due_at - %1$s, lease_until = lease_until - %1$s;
        UPDATE viewexport.job SET created_at = created_at - %1$s, started_at = started_at - %1$s,
          ended_at = ended_at - %1$s, cleaned_at = cleaned_at - %1$s;
        UPDATE viewexport.server SET alive_until = alive_until - %1$s;
        UPDATE viewexport.duty SET held_until = held_until - %1$s;
        UPDATE viewexport.snapshot SET lease_until = lease_until - %1$s, opened_at = opened_at - %1$s
        """
            .formatted(time.toMillis() + " * interval '1 millisecond'"));
  }
}
