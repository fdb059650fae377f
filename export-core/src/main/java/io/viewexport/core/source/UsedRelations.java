// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.ViewName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The relations that a view reads, through other views and by partitions; itself included. */
final class UsedRelations {
  private static final String USED = SqlResource.load("used-relations");

  private UsedRelations() {}

  /**
   * A relation.
   *
   * @param name its name
   * @param kind {@code pg_class.relkind}
   * @param storage which file its rows are in, whatever snapshot looks: another one once it was
   *     emptied or rewritten; 0: it has none
   */
  record Used(ViewName name, String kind, long storage) {}

  static List<Used> find(Connection connection, ViewName view) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(USED)) {
      statement.setString(1, view.schema());
      statement.setString(2, view.name());
      try (ResultSet rows = statement.executeQuery()) {
        List<Used> used = new ArrayList<>();
        while (rows.next()) {
          ViewName name = new ViewName(rows.getString("nspname"), rows.getString("relname"));
          used.add(new Used(name, rows.getString("relkind"), rows.getLong("storage")));
        }
        return used;
      }
    }
  }
}
