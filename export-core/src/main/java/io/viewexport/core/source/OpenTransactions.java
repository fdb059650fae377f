// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Finds the start of the oldest transaction that a snapshot taken later may not see.
 *
 * <p>Sessions are read first, prepared transactions after: one that is being prepared meanwhile is
 * in both. A transaction that begins later starts later than this one, whose start counts as well.
 */
final class OpenTransactions {
  private static final String SESSIONS = SqlResource.load("open-transactions");
  private static final String PREPARED = SqlResource.load("prepared-transactions");

  private OpenTransactions() {}

  /** Asked in a transaction of its own, at the isolation level read committed. */
  static NextSince find(Connection connection, ViewName view) throws SQLException {
    NextSince oldest = oldest(connection);
    if (oldest.withheld().isPresent()) {
      return oldest;
    }
    if (anyPrepared(connection)) {
      return NextSince.withheld(
          "prepared-transactions",
          "The database has prepared transactions, whose start it does not tell; commit them or"
              + " roll them back.");
    }
    return indirect(connection, view).orElse(oldest);
  }

  private static NextSince oldest(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SESSIONS);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      if (rows.getBoolean("replica")) {
        return NextSince.withheld(
            "replica",
            "The views are read from a replica, which does not show the primary's transactions;"
                + " read them from the primary.");
      }
      if (rows.getBoolean("hidden")) {
        return NextSince.withheld(
            "hidden-transactions",
            "The database user may not see the transactions of other roles; grant it"
                + " pg_read_all_stats.");
      }
      if (rows.getBoolean("untracked")) {
        return NextSince.withheld(
            "untracked-transactions",
            "A session runs with track_activities off, so that its transactions do not show; switch"
                + " it on.");
      }
      return NextSince.at(rows.getObject("oldest", OffsetDateTime.class).toInstant());
    }
  }

  private static boolean anyPrepared(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PREPARED);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  /** Rows that were written elsewhere, or are older than the transaction that brought them. */
  private static Optional<NextSince> indirect(Connection connection, ViewName view)
      throws SQLException {
    return UsedRelations.find(connection, view).stream()
        .filter(used -> used.kind().equals("m") || used.kind().equals("f"))
        .findFirst()
        .map(OpenTransactions::indirect);
  }

  private static NextSince indirect(UsedRelations.Used used) {
    return used.kind().equals("m")
        ? NextSince.withheld(
            "materialized-view",
            "Rows come from the materialized view "
                + used.name()
                + ", and a refresh brings rows that are older than itself; export a plain view.")
        : NextSince.withheld(
            "foreign-table",
            "Rows come from the foreign table "
                + used.name()
                + ", whose server's transactions are not seen here; export them there.");
  }
}
