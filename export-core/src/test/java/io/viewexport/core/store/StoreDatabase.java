// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** One PostgreSQL for all store tests of the JVM, with a database for each that asks. */
public final class StoreDatabase {
  private static final EmbeddedPostgres POSTGRES = start();
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private StoreDatabase() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().setServerConfig("max_connections", "100").start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An empty database; each connection is a new one. */
  public static DataSource fresh() {
    String name = "store" + NUMBER.incrementAndGet();
    run(POSTGRES.getPostgresDatabase(), "CREATE DATABASE " + name);
    return POSTGRES.getDatabase("postgres", name);
  }

  static void run(DataSource database, String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
