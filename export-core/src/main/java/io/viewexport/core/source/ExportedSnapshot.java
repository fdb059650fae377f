// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.ExportException;
import io.viewexport.api.view.SharedSnapshot;
import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot exported by a transaction that stays open. The transaction holds the weakest lock on
 * all that the views read: a snapshot does not see what a {@code TRUNCATE}, a refresh or a rewrite
 * of a table leaves behind, so these wait, and nothing else does.
 */
final class ExportedSnapshot implements SharedSnapshot {
  /** What an identifier of the server's is followed by: the transaction that exports it. */
  private static final char HOLDER = '@';

  private static final Pattern FORM =
      Pattern.compile("[0-9A-Fa-f]+(-[0-9A-Fa-f]+)*(@[0-9]+/[0-9]+)?");
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int TRIES = 5;

  private final SourceConnection source;
  private final String name;
  private boolean over;

  private ExportedSnapshot(SourceConnection source, String name) {
    this.source = source;
    this.name = name;
  }

  /** Takes a snapshot; the connection then belongs to it. */
  static ExportedSnapshot open(
      SourceConnection source, PostgresSourceConfig config, List<ViewName> views)
      throws SQLException {
    Connection connection = source.connection();
    for (int tries = 0; tries < TRIES; tries++) {
      source.networkTimeout(config.lockTimeout().plus(ANSWER));
      List<UsedRelations.Used> before = used(connection, views);
      connection.rollback();
      source.run(SourceSettings.of(connection, config));
      String name = export(connection);
      for (ViewName view : views) {
        source.run("SELECT FROM " + SqlIdentifier.quote(view) + " LIMIT 0");
      }
      if (used(connection, views).equals(before)) {
        source.networkTimeout(ANSWER);
        return new ExportedSnapshot(source, name);
      }
      connection.rollback();
    }
    throw ExportException.retryable(
        "views-rewritten",
        "A table or materialized view behind the views was emptied, refreshed or rewritten just"
            + " when a snapshot was taken, several times in a row.",
        null);
  }

  private static List<UsedRelations.Used> used(Connection connection, List<ViewName> views)
      throws SQLException {
    List<UsedRelations.Used> all = new ArrayList<>();
    for (ViewName view : views) {
      all.addAll(UsedRelations.find(connection, view));
    }
    return all;
  }

  private static String export(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pg_catalog.pg_export_snapshot(), virtualtransaction FROM"
                    + " pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid() AND locktype ="
                    + " 'virtualxid'")) {
      rows.next();
      return rows.getString(1) + HOLDER + rows.getString(2);
    }
  }

  /** Refuses what is no name of a snapshot: it becomes part of a statement. */
  static void check(String name) {
    if (!FORM.matcher(name).matches()) {
      throw new IllegalArgumentException("no exported snapshot: \"" + name + "\"");
    }
  }

  /** Has a transaction, as its first statement, see what the snapshot sees. */
  static void use(SourceConnection reader, String name, ViewName view) throws SQLException {
    int holder = name.indexOf(HOLDER);
    String id = holder < 0 ? name : name.substring(0, holder);
    try {
      reader.run("SET TRANSACTION SNAPSHOT '" + id + "'");
    } catch (SQLException e) {
      String state = PostgresFailures.sqlState(e);
      if (state != null
          && (state.startsWith("22") || state.startsWith("42") || state.equals("55000"))) {
        throw gone(view, e);
      }
      throw e;
    }
  }

  /**
   * Makes sure that the snapshot is held now that the reader has a lock of its own: else the view
   * could have been emptied in between.
   */
  static void checkHeld(Connection connection, String name, ViewName view) throws SQLException {
    int holder = name.indexOf(HOLDER);
    if (holder < 0) {
      return;
    }
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'virtualxid' AND"
                    + " virtualxid = '"
                    + name.substring(holder + 1)
                    + "' AND granted)")) {
      rows.next();
      if (!rows.getBoolean(1)) {
        throw gone(view, null);
      }
    }
  }

  private static ExportException gone(ViewName view, @Nullable SQLException cause) {
    return ExportException.retryable(
        "snapshot-gone",
        "The snapshot that the chunks of view "
            + view
            + " share has ended, or is not one of the server that is read from.",
        cause);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isAlive() {
    if (over) {
      return false;
    }
    try {
      source.run("SELECT");
      return true;
    } catch (SQLException e) {
      close();
      return false;
    }
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      source.giveBack();
    }
  }
}
