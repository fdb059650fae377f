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
import java.util.ArrayList;
import java.util.List;

/** A view of rows that change, and that knows when they did. */
final class ChangingView implements AutoCloseable {
  static final String ID = "changing";

  private ChangingView() {}

  /** Makes it in {@code sof}; the caller closes it, which drops it. */
  static ChangingView create(int rows) throws SQLException {
    ChangingView view = new ChangingView();
    view.close();
    TestServers.execute(
        "create table public.changing as select 'r' || g as id, 0 as n,"
            + " now() - interval '1 day' as updated from generate_series(1, "
            + rows
            + ") g");
    TestServers.execute("create view sof.changing as select * from public.changing");
    return view;
  }

  /** Writes its ViewDefinition. */
  void describeIn(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(ID + ".json"),
        """
        {"resourceType": "ViewDefinition", "name": "changing", "resource": "Basic", "select": [
          {"column": [{"name": "id", "path": "getResourceKey()"},
            {"name": "n", "path": "n"}, {"name": "updated", "path": "meta.lastUpdated"}]}]}
        """);
  }

  /** Updates a row and inserts one. */
  void change() throws SQLException {
    TestServers.execute("update public.changing set n = n + 1, updated = now() where id = 'r1'");
    TestServers.execute("insert into public.changing values ('new', 7, now())");
  }

  /** Has every export of it fail. */
  void spoil() throws SQLException {
    TestServers.execute(
        "create or replace view sof.changing as"
            + " select id, n / (n - n) as n, updated from public.changing");
  }

  /** Has it hold rows that are older than what brought them. */
  void makeMaterialized() throws SQLException {
    TestServers.execute("drop view sof.changing");
    TestServers.execute("create materialized view sof.changing as select * from public.changing");
  }

  /** Its rows by id, as {@code id|n}. */
  List<String> rows() throws SQLException {
    try (Connection connection = DriverManager.getConnection(TestServers.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select id || '|' || n from public.changing order by id collate \"C\"")) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(found.getString(1));
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    TestServers.execute(
        """
        do $$ begin
          if exists (select from pg_matviews where schemaname = 'sof' and matviewname = 'changing')
          then drop materialized view sof.changing;
          else drop view if exists sof.changing;
          end if;
        end $$
        """);
    TestServers.execute("drop table if exists public.changing");
  }
}
