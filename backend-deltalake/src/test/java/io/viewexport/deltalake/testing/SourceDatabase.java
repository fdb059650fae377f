// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One real PostgreSQL for all tests of this module. */
public final class SourceDatabase {
  private static final EmbeddedPostgres POSTGRES = start();
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private SourceDatabase() {}

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "off")
              .setServerConfig("shared_buffers", "64MB")
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started)));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(EmbeddedPostgres started) {
    try {
      started.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connections to it, each made anew. */
  public static DataSource dataSource() {
    return POSTGRES.getPostgresDatabase();
  }

  /** Where another process finds it. */
  public static String jdbcUrl() {
    return POSTGRES.getJdbcUrl("postgres", "postgres");
  }

  /** A schema of the caller's own. */
  public static String newSchema() {
    String schema = "e2e_" + SCHEMAS.incrementAndGet();
    execute("create schema " + schema);
    return schema;
  }

  /** Runs statements, each as a transaction of its own. */
  public static void execute(String... statements) {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs the statement once for each line, its only parameter. */
  public static void executeEach(String sql, List<String> lines) {
    try (Connection connection = dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (String line : lines) {
        statement.setString(1, line);
        statement.addBatch();
      }
      statement.executeBatch();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows of a query, every value as text, intervals as ISO 8601 has them. */
  public static List<List<@Nullable String>> query(String sql) {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set IntervalStyle = iso_8601");
      ResultSet rows = statement.executeQuery(sql);
      List<List<@Nullable String>> found = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(rows.getString(i));
        }
        found.add(row);
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
