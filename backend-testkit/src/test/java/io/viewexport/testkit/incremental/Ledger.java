// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.incremental;

import io.viewexport.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * A table, {@code sof.ledger}, that is changed all the time, and its history: row 0 counts the
 * transactions, so that it tells of which one's state a copy is.
 */
final class Ledger implements AutoCloseable {
  private static final int ROWS = 1500;

  private final DataSource database;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Future<?> writer;
  private volatile boolean over;

  private Ledger(DataSource database, long seed) {
    this.database = database;
    writer =
        thread.submit(
            () -> {
              write(new Random(seed));
              return null;
            });
  }

  static Ledger start(DataSource database, long seed) {
    TestPostgres.run(
        database,
        """
        CREATE SCHEMA IF NOT EXISTS sof;
        DROP TABLE IF EXISTS sof.ledger CASCADE;
        DROP TABLE IF EXISTS sof.ledger_history;
        CREATE TABLE sof.ledger (id int PRIMARY KEY, v bigint NOT NULL, pad text NOT NULL);
        CREATE TABLE sof.ledger_history (
          place bigint GENERATED ALWAYS AS IDENTITY, version bigint, id int, v bigint);
        INSERT INTO sof.ledger SELECT i, 0, repeat('x', 400) FROM generate_series(0, %1$d) i;
        INSERT INTO sof.ledger_history (version, id, v) SELECT 0, i, 0 FROM generate_series(1, %1$d) i;
        CREATE VIEW sof.ledger_view AS SELECT id, v FROM sof.ledger
        """
            .formatted(ROWS));
    return new Ledger(database, seed);
  }

  private void write(Random random) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      while (!over) {
        statement.execute("BEGIN");
        long version = next(statement);
        for (int i = 0; i < 5; i++) {
          change(statement, version, 1 + random.nextInt(ROWS), random.nextInt(4) == 0);
        }
        statement.execute(random.nextInt(10) > 0 ? "COMMIT" : "ROLLBACK");
      }
    }
  }

  private static long next(Statement statement) throws SQLException {
    try (ResultSet rows =
        statement.executeQuery("UPDATE sof.ledger SET v = v + 1 WHERE id = 0 RETURNING v")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void change(Statement statement, long version, int id, boolean deletes)
      throws SQLException {
    if (deletes) {
      statement.execute("DELETE FROM sof.ledger WHERE id = " + id);
    } else {
      statement.execute(
          "INSERT INTO sof.ledger VALUES (%d, %d, repeat('y', 400)) ON CONFLICT (id) DO UPDATE SET v = excluded.v"
              .formatted(id, version));
    }
    statement.execute(
        "INSERT INTO sof.ledger_history (version, id, v) VALUES (%d, %d, %s)"
            .formatted(version, id, deletes ? "NULL" : version));
  }

  /** The rows as they were once this transaction was committed. */
  static Map<Object, Object> at(DataSource database, long version) throws SQLException {
    Map<Object, Object> rows = new TreeMap<>();
    rows.put(0, version);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT id, v FROM (SELECT DISTINCT ON (id) id, v FROM"
                    + " sof.ledger_history WHERE version <= "
                    + version
                    + " ORDER BY id, version DESC, place DESC) last WHERE v IS NOT NULL")) {
      while (found.next()) {
        rows.put(found.getInt(1), found.getLong(2));
      }
    }
    return rows;
  }

  /** Whether it is still being changed. */
  boolean isChanging() {
    return !writer.isDone();
  }

  @Override
  public void close() {
    over = true;
    try {
      writer.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } finally {
      thread.shutdownNow();
    }
  }
}
