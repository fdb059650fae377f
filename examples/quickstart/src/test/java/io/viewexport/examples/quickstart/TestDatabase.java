// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** One embedded PostgreSQL for all tests, and short ways to ask it. */
final class TestDatabase {
  private static final Database DATABASE = start();

  private TestDatabase() {}

  private static Database start() {
    Database database = Database.embedded(2);
    Runtime.getRuntime().addShutdownHook(new Thread(database::close));
    return database;
  }

  static DataSource source() {
    return DATABASE.pool();
  }

  static String jdbcUrl() {
    return DATABASE.url().value();
  }

  /** Removes every table and view of earlier tests. */
  static DatabaseSetup empty() throws SQLException {
    execute("drop schema if exists sof cascade");
    execute("drop schema public cascade");
    execute("create schema public");
    return new DatabaseSetup(source());
  }

  static void execute(String sql) throws SQLException {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows of a query, each as its values joined by a bar; NULL is {@code null}. */
  static List<String> query(String sql) throws SQLException {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          values.add(String.valueOf(rows.getString(column)));
        }
        found.add(String.join("|", values));
      }
      return found;
    }
  }
}
