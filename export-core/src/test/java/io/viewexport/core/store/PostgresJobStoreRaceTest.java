// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.job.JobState;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What only PostgreSQL can get wrong when several servers are at it at the same time. */
@Timeout(120)
class PostgresJobStoreRaceTest {
  private static final int THREADS = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final DataSource database = TestPool.of(StoreDatabase.fresh());

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void manyServersOpenOneEmptyDatabaseAtOnce() throws Exception {
    List<JobStore> stores = race(THREADS, number -> PostgresJobStore.open(database));
    NewJob job = planned(1, 1);
    stores.get(0).create(job);
    assertThat(stores).allMatch(store -> store.find(job.id()).isPresent());
  }

  @Test
  void aTakeOverThatWaitsForAJobHoldsNoneOfItsTasks() throws Exception {
    JobStore store = PostgresJobStore.open(database);
    NewJob job = planned(1, 1);
    store.create(job);
    store.claim(claim("dead", 1));
    StoreDatabase.run(database, "UPDATE viewexport.task SET lease_until = now()");
    try (Connection settles = database.getConnection();
        Statement statement = settles.createStatement()) {
      settles.setAutoCommit(false);
      statement.execute("SELECT FROM viewexport.job FOR NO KEY UPDATE");
      Future<List<ClaimedTask>> takeOver = threads.submit(() -> store.claim(claim("w", 1)));
      String waits = "SELECT count(*) FROM pg_locks WHERE NOT granted";
      for (boolean waiting = false; !waiting; ) {
        try (var found = statement.executeQuery(waits)) {
          waiting = found.next() && found.getInt(1) > 0;
        }
      }
      statement.execute("SELECT FROM viewexport.task WHERE state = 'LEASED' FOR UPDATE NOWAIT");
      settles.commit();
      assertThat(takeOver.get()).extracting(ClaimedTask::lostLeases).containsExactly(1);
    }
  }

  @Test
  void aServerThatFreezesWithAJobsLockDoesNotKeepItForLong() throws Exception {
    JobStore store = PostgresJobStore.open(StoreDatabase.fresh());
    NewJob job = planned(1, 1);
    store.create(job);
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch thawed = new CountDownLatch(1);
    Decision freezes =
        new Decision() {
          @Override
          public Transition decide(JobSnapshot snapshot, Optional<TaskSnapshot> task) {
            locked.countDown();
            try {
              thawed.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return on(new JobEvent.CancelRequested()).decide(snapshot, task);
          }

          @Override
          public Transition advance(JobSnapshot snapshot) {
            return Transition.NONE;
          }
        };
    Future<Boolean> frozen = threads.submit(() -> store.update(job.id(), freezes));
    locked.await();

    ClaimedTask setup = store.claim(claim("w", 1)).get(0);
    assertThat(settle(store, job, setup)).isTrue();
    thawed.countDown();
    assertThatThrownBy(frozen::get).hasCauseInstanceOf(JobStoreException.class);
    assertThat(state(store, job)).isEqualTo(JobState.IN_PROGRESS);
  }

  private static boolean settle(JobStore store, NewJob job, ClaimedTask task) {
    return store.settle(task.lease(), on(success(task, job)));
  }

  private static JobState state(JobStore store, NewJob job) {
    return store.find(job.id()).orElseThrow().state();
  }

  /** What one of several threads does. */
  private interface Part<T> {
    T run(int number) throws Exception;
  }

  /** Runs a part on each thread, all from the same moment on. */
  private <T> List<T> race(int count, Part<T> part) throws Exception {
    CyclicBarrier start = new CyclicBarrier(count);
    List<Callable<T>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      parts.add(
          () -> {
            start.await();
            return part.run(number);
          });
    }
    List<T> results = new ArrayList<>();
    for (Future<T> future : threads.invokeAll(parts)) {
      results.add(future.get());
    }
    return results;
  }
}
