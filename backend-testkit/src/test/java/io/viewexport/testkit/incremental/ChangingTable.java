// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.incremental;

import io.viewexport.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * A table that concurrent transactions insert into and update: short ones, ones that commit long
 * after they began, ones that are prepared first, several in one millisecond. A row's timestamp is
 * the start of its transaction in milliseconds, and never goes back.
 */
final class ChangingTable implements AutoCloseable {
  private static final int SHORT_WRITERS = 2;

  private final DataSource database;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> writers = new ArrayList<>();
  private volatile boolean over;

  private ChangingTable(DataSource database) {
    this.database = database;
  }

  /**
   * Begins to change a new table {@code sof.changing}.
   *
   * @param longest how long the long transactions stay open at the most
   */
  static ChangingTable start(DataSource database, long seed, Duration longest) {
    TestPostgres.run(
        database,
        """
        CREATE SCHEMA IF NOT EXISTS sof;
        DROP TABLE IF EXISTS sof.changing;
        CREATE TABLE sof.changing (
          id text PRIMARY KEY, n bigint NOT NULL, ts timestamptz NOT NULL);
        INSERT INTO sof.changing
        SELECT 'r' || i, 0, date_trunc('milliseconds', now()) FROM generate_series(1, 200) i
        """);
    ChangingTable table = new ChangingTable(database);
    for (int writer = 0; writer < SHORT_WRITERS; writer++) {
      long own = seed * 31 + writer;
      table.begin(() -> table.write(new Random(own), Duration.ofMillis(8), false));
    }
    table.begin(() -> table.write(new Random(seed * 31 + 7), longest, false));
    table.begin(() -> table.write(new Random(seed * 31 + 8), longest.dividedBy(8), true));
    return table;
  }

  private interface Work {
    void run() throws SQLException;
  }

  private void begin(Work work) {
    writers.add(
        threads.submit(
            () -> {
              work.run();
              return null;
            }));
  }

  private void write(Random random, Duration longest, boolean prepares) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (int number = 0; !over; number++) {
        statement.execute("BEGIN");
        change(statement, random);
        pause(random, longest);
        if (random.nextInt(3) == 0) {
          change(statement, random);
        }
        end(statement, random, longest, prepares ? "p" + number : "");
        pause(random, Duration.ofMillis(prepares ? 400 : 5));
      }
    }
  }

  /** In one statement, rows in the order of their ids: no two transactions wait for each other. */
  private static void change(Statement statement, Random random) throws SQLException {
    if (random.nextInt(3) == 0) {
      statement.execute(
          "INSERT INTO sof.changing VALUES (gen_random_uuid(), 1, date_trunc('milliseconds',"
              + " now()))");
    } else {
      statement.execute(
          "UPDATE sof.changing SET n = n + 1, ts = greatest(ts, date_trunc('milliseconds', now()))"
              + " WHERE id IN (SELECT id FROM sof.changing WHERE id = 'r%d' FOR UPDATE SKIP LOCKED)"
                  .formatted(1 + random.nextInt(200)));
    }
  }

  private void end(Statement statement, Random random, Duration longest, String prepared)
      throws SQLException {
    boolean commits = random.nextInt(10) > 0;
    if (prepared.isEmpty()) {
      statement.execute(commits ? "COMMIT" : "ROLLBACK");
      return;
    }
    statement.execute("PREPARE TRANSACTION '%s'".formatted(prepared));
    pause(random, longest);
    statement.execute((commits ? "COMMIT" : "ROLLBACK") + " PREPARED '%s'".formatted(prepared));
  }

  private static void pause(Random random, Duration longest) {
    LockSupport.parkNanos((long) (longest.toNanos() * random.nextDouble()));
  }

  /** Lets the transactions under way come to their ends. */
  @Override
  public void close() {
    over = true;
    try {
      for (Future<?> writer : writers) {
        writer.get(60, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
