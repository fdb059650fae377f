// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A view whose rows take their time, so that something can happen meanwhile. */
final class SlowView implements AutoCloseable {
  static final String ID = "slow";

  private SlowView() {}

  /** Makes it in {@code sof}; the caller closes it, which drops it. */
  static SlowView create(int rows, int millisPerRow) throws SQLException {
    SlowView view = new SlowView();
    view.close();
    TestServers.execute(
        "create table public.slow as select 'r' || g as id, g as n from generate_series(1, "
            + rows
            + ") g");
    TestServers.execute(
        "create view sof.slow as select id, n, pg_sleep("
            + millisPerRow / 1000.0
            + ")::text as waited from public.slow");
    return view;
  }

  /** Writes its ViewDefinition. */
  void describeIn(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(ID + ".json"),
        """
        {"resourceType": "ViewDefinition", "name": "slow", "resource": "Basic", "select": [
          {"column": [{"name": "id", "path": "getResourceKey()"},
            {"name": "n", "path": "n"}, {"name": "waited", "path": "w"}]}]}
        """);
  }

  /** Whether the pod of that process id's database name is reading it just now. */
  boolean isReadBy(String applicationName) throws SQLException {
    try (Connection connection = DriverManager.getConnection(TestServers.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select 1 from pg_stat_activity where state = 'active' and query ilike 'copy%'"
                    + " and application_name = '"
                    + applicationName
                    + "'")) {
      return rows.next();
    }
  }

  @Override
  public void close() throws SQLException {
    TestServers.execute("drop view if exists sof.slow");
    TestServers.execute("drop table if exists public.slow");
  }
}
