// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.KIND;
import static io.viewexport.core.store.TestJobs.LEASE;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.retryable;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.JobState;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that PostgreSQL undoes because of a deadlock are made again, and succeed. */
@Timeout(60)
class DeadlockTest {
  private static final int THREADS = 8;

  private final DataSource database = StoreDatabase.fresh();
  private final PostgresJobStore store = PostgresJobStore.open(TestPool.of(database));
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void end() {
    threads.shutdownNow();
    store.close();
  }

  /** Calls of the store; each locks what stands first in its enemy's order last. */
  private enum Call {
    SETTLE_CHUNK("task", "job"),
    SETTLE_FAILURE("task", "job"),
    CANCEL("task", "job"),
    RENEW("task WHERE type = 'CHUNK' AND chunk = 2", "task WHERE type = 'CHUNK' AND chunk = 0");

    private final String first;
    private final String second;

    Call(String first, String second) {
      this.first = first;
      this.second = second;
    }

    boolean run(JobStore store, NewJob job, List<ClaimedTask> chunks) {
      Lease lease = chunks.get(0).lease();
      return switch (this) {
        case SETTLE_CHUNK -> store.settle(lease, on(success(chunks.get(0), job)));
        case SETTLE_FAILURE ->
            store.settle(lease, on(new TaskEvent.RetryLater(retryable("x"), Duration.ofMillis(1))));
        case CANCEL -> store.update(job.id(), on(new JobEvent.CancelRequested()));
        case RENEW ->
            !store
                .renew(
                    chunks.stream().map(task -> new LeaseProgress(task.lease(), 1, 1)).toList(),
                    LEASE)
                .containsValue(LeaseStatus.LOST);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatWasUndoneSucceeds(Call call) throws Exception {
    NewJob job = planned(1, 4);
    store.create(job);
    store
        .claim(claim("w", 1))
        .forEach(setup -> store.settle(setup.lease(), on(success(setup, job))));
    List<ClaimedTask> chunks = store.claim(claim("w", 3));
    try (Connection enemy = database.getConnection();
        Statement statement = enemy.createStatement()) {
      statement.execute("SET deadlock_timeout = '20s'");
      enemy.setAutoCommit(false);
      statement.execute("SELECT FROM viewexport." + call.first + " FOR UPDATE");
      Future<Boolean> done = threads.submit(() -> call.run(store, job, chunks));
      while (number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
        assertThat(done).isNotDone();
      }
      statement.execute("SELECT FROM viewexport." + call.second + " FOR UPDATE");
      enemy.commit();

      assertThat(done.get()).isTrue();
    }
    store.close();
    assertThat(deadlocks()).isPositive();
  }

  /** The server counts a little later. */
  private long deadlocks() {
    long found = 0;
    for (int look = 0; look < 1000 && found == 0; look++) {
      found = countDeadlocks();
    }
    return found;
  }

  private long countDeadlocks() {
    return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  private long number(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void noCallFailsInACrowd() throws Exception {
    List<NewJob> jobs = new ArrayList<>();
    for (int job = 0; job < 12; job++) {
      jobs.add(planned(2, 15));
      store.create(jobs.get(job));
    }
    List<Callable<Boolean>> parts = new ArrayList<>();
    for (int part = 0; part < THREADS; part++) {
      Random random = new Random(part);
      String worker = "w" + part;
      parts.add(() -> crowd(jobs, worker, random));
    }
    for (Future<Boolean> part : threads.invokeAll(parts)) {
      assertThat(part.get()).isTrue();
    }
    System.out.println("deadlocks in the crowd: " + countDeadlocks());
    assertThat(jobs)
        .allMatch(job -> store.find(job.id()).orElseThrow().state() != JobState.ACCEPTED);
  }

  /** Short leases: some are renewed, some run out, some end. */
  private boolean crowd(List<NewJob> jobs, String worker, Random random) {
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    Duration lease = Duration.ofMillis(20);
    List<ClaimedTask> held = new ArrayList<>();
    while (System.nanoTime() - end < 0) {
      held.addAll(
          store.claim(new ClaimRequest(worker, Set.of(KIND), 1 + random.nextInt(4), lease)));
      Collections.shuffle(held, random);
      if (!held.isEmpty()) {
        store.renew(
            held.stream().map(task -> new LeaseProgress(task.lease(), 1, 1)).toList(),
            Duration.ofSeconds(8));
      }
      for (ClaimedTask task : List.copyOf(held)) {
        if (random.nextInt(3) == 0) {
          TaskEvent event =
              random.nextBoolean()
                  ? success(task, jobs.get(0))
                  : new TaskEvent.RetryLater(retryable("x"), Duration.ZERO);
          store.settle(task.lease(), on(event));
          held.remove(task);
        }
      }
      if (random.nextInt(40) == 0) {
        store.update(
            jobs.get(random.nextInt(jobs.size())).id(), on(new JobEvent.CancelRequested()));
      }
      if (random.nextInt(20) == 0) {
        held.clear();
        store.create(planned(1, 5));
      }
    }
    return true;
  }
}
