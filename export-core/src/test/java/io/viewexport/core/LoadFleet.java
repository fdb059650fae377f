// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static io.viewexport.core.state.JobStateMachine.on;

import io.viewexport.core.LoadProcess.Way;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.TestJobs;
import io.viewexport.core.store.TestPool;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Several processes that work off the jobs of one PostgreSQL store. */
final class LoadFleet implements AutoCloseable {
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(3);

  private final DataSource database;
  private final JobStore store;
  private final List<Member> members = new ArrayList<>();

  private record Member(Process process, BufferedReader out, PrintStream in) {
    void say(String line) {
      in.println(line);
      in.flush();
    }

    String hear() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("a process of the fleet has ended");
      }
      return line;
    }
  }

  /**
   * What a round came to.
   *
   * @param done how many chunks the processes say they did
   * @param once how many chunks the store says were done in their first attempt
   */
  record Round(int done, int once, double seconds, long deadlocks) {
    double perSecond() {
      return done / seconds;
    }
  }

  LoadFleet(DataSource database, int processes, int threads) throws Exception {
    this.database = TestPool.of(database);
    store = PostgresJobStore.open(this.database);
    PGSimpleDataSource address = database.unwrap(PGSimpleDataSource.class);
    for (int number = 0; number < processes; number++) {
      members.add(start(address, threads, "p" + number));
    }
    for (Member member : members) {
      member.hear();
    }
  }

  private static Member start(PGSimpleDataSource address, int threads, String name)
      throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                LoadProcess.class.getName(),
                address.getUrl(),
                address.getUser(),
                Integer.toString(threads),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Member(
        process,
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
        new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8));
  }

  /** Stores jobs whose chunks are due, lets the fleet work, and ends when all chunks are done. */
  Round round(Way way, int jobs, int chunks) throws Exception {
    run("TRUNCATE viewexport.job CASCADE");
    NewJob one = TestJobs.planned(1, chunks);
    store.create(one);
    for (int job = 1; job < jobs; job++) {
      store.create(TestJobs.planned(1, chunks));
    }
    store
        .claim(TestJobs.claim("setup", jobs))
        .forEach(task -> store.settle(task.lease(), on(TestJobs.success(task, one))));
    long deadlocks = deadlocks();
    long started = System.nanoTime();
    members.forEach(member -> member.say(way.name()));
    awaitChunks(started);
    double seconds = (System.nanoTime() - started) / 1e9;
    members.forEach(member -> member.say("stop"));
    int done = 0;
    for (Member member : members) {
      done += Integer.parseInt(member.hear());
    }
    int once =
        (int)
            number(
                "SELECT count(*) FROM viewexport.task"
                    + " WHERE type = 'CHUNK' AND state = 'DONE' AND token = 1");
    return new Round(done, once, seconds, deadlocks() - deadlocks);
  }

  private void awaitChunks(long started) throws SQLException {
    while (number("SELECT sum(left_chunk) FROM viewexport.job") > 0) {
      if (System.nanoTime() - started > LONGEST_ROUND.toNanos()) {
        throw new IllegalStateException("chunks are left after " + LONGEST_ROUND);
      }
      LockSupport.parkNanos(30_000_000);
    }
  }

  /**
   * The statistics of a backend are sent when it is idle, or at its end: so this is a lower bound.
   */
  private long deadlocks() throws SQLException {
    return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    for (Member member : members) {
      member.in().close();
    }
    for (Member member : members) {
      member.process().onExit().join();
    }
  }
}
