// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Brings resources and views into a database, each step in one transaction. */
final class DatabaseSetup {
  private static final List<String> NO_LIMITS =
      List.of(
          "set local statement_timeout = 0",
          "set local idle_in_transaction_session_timeout = 0",
          "set local client_min_messages = warning");

  private final DataSource source;

  DatabaseSetup(DataSource source) {
    this.source = source;
  }

  /**
   * Loads files of resources, the later over the earlier.
   *
   * @return how many resources, by table
   * @throws QuickstartException where a line can't be stored; then nothing is
   */
  Map<String, Long> load(List<Path> files) {
    return inTransaction(
        "The resources were not loaded",
        connection -> {
          ResourceTables tables = new ResourceTables(connection);
          for (Path file : files) {
            new NdjsonFile(file).copyTo(tables);
          }
          return tables.finish();
        });
  }

  /** Loads generated resources; returns how many, by table. */
  Map<String, Long> loadSamples(SampleResources samples) {
    return inTransaction(
        "The generated resources were not loaded",
        connection -> {
          ResourceTables tables = new ResourceTables(connection);
          samples.copyTo(tables);
          return tables.finish();
        });
  }

  /** Creates the flat views that come with the program, for those of the tables that have one. */
  void createSampleViews(Set<String> tables) {
    inTransaction(
        "The views were not created",
        connection -> {
          execute(connection, "create schema if not exists sof");
          for (String table : tables) {
            Optional<String> sql = sampleView(table);
            if (sql.isPresent()) {
              execute(connection, sql.get());
            }
          }
          return tables.size();
        });
  }

  /** Runs a file of SQL as it stands. */
  void runScript(Path file) {
    String sql = read(file);
    inTransaction(
        file.getFileName() + " was not run",
        connection -> {
          execute(connection, "create schema if not exists sof");
          execute(connection, sql);
          return 1;
        });
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new QuickstartException(
          file + " can't be read as text in UTF-8; check --create-view.", e);
    }
  }

  private static Optional<String> sampleView(String table) {
    try (@Nullable InputStream sql =
        DatabaseSetup.class.getResourceAsStream("views/" + table + "_flat.sql")) {
      return sql == null
          ? Optional.empty()
          : Optional.of(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T inTransaction(String failure, Work<T> work) {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      // A connection that is closed before its commit is rolled back.
      for (String setting : NO_LIMITS) {
        execute(connection, setting);
      }
      T result = work.run(connection);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw DatabaseFailures.translate(failure, e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }
}
