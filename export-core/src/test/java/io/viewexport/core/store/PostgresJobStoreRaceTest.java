// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.LEASE;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.request;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several servers at one store at the same time. */
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
  void eachTaskIsClaimedOnceByWhomeverAndTheJobCompletes() throws Exception {
    NewJob job = planned(2, 500);
    PostgresJobStore.open(database).create(job);
    Set<Lease> seen = ConcurrentHashMap.newKeySet();
    race(
        THREADS,
        number -> {
          JobStore store = PostgresJobStore.open(database);
          while (!store.find(job.id()).orElseThrow().state().isFinal()) {
            for (ClaimedTask task : store.claim(claim("w" + number, 4))) {
              assertThat(seen.add(task.lease())).isTrue();
              assertThat(store.settle(task.lease(), on(success(task, job)))).isTrue();
            }
          }
          return true;
        });

    JobStore store = PostgresJobStore.open(database);
    ExportJob ended = store.find(job.id()).orElseThrow();
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.outputs()).allMatch(output -> output.chunksDone() == 500);
    assertThat(store.receipts(job.id(), 1))
        .hasSize(500)
        .extracting(AcceptedReceipt::attempt)
        .containsOnly(1);
    Set<TaskId> tasks = new HashSet<>(seen.stream().map(Lease::task).toList());
    assertThat(tasks).hasSameSizeAs(seen);
    assertThat(tasks.stream().filter(task -> task.type() == TaskType.CHUNK)).hasSize(1000);
  }

  @Test
  void theLastTwoChunksOpenTheGateOnce() throws Exception {
    JobStore store = PostgresJobStore.open(database);
    for (int round = 0; round < 40; round++) {
      NewJob job = planned(1, 2);
      store.create(job);
      settle(store, job, store.claim(claim("w", 1)).get(0));
      List<ClaimedTask> chunks = store.claim(claim("w", 2));
      assertThat(race(2, number -> settle(store, job, chunks.get(number)))).containsOnly(true);
      List<ClaimedTask> merges = store.claim(claim("w", 9));
      assertThat(JobStoreContractTest.types(merges)).containsExactly(TaskType.FINALIZE);
      settle(store, job, merges.get(0));
      assertThat(state(store, job)).isEqualTo(JobState.COMPLETED);
      settle(store, job, store.claim(claim("w", 1)).get(0));
    }
  }

  @Test
  void requestsOfOneKeyAtTheSameTimeGiveOneJob() throws Exception {
    JobStore store = PostgresJobStore.open(database);
    for (int round = 0; round < 10; round++) {
      String key = "key" + round;
      List<JobId> ids =
          race(
              THREADS,
              number -> store.create(planned(request(1).idempotencyKey(key).build(), 3, key)));
      assertThat(new HashSet<>(ids)).hasSize(1);
    }
    assertThat(store.list(JobFilter.NEWEST)).hasSize(10);
  }

  @Test
  void twoMergesOfOneTargetNeverBeginAtTheSameTime() throws Exception {
    JobStore store = PostgresJobStore.open(database);
    for (int round = 0; round < 10; round++) {
      String key = "target" + round + "-";
      NewJob job = planned(request(1).build(), 1, key);
      store.create(job);
      for (int jobs = 1; jobs < THREADS; jobs++) {
        store.create(planned(request(1).build(), 1, key));
      }
      store.claim(claim("w", 100)).forEach(setup -> settle(store, job, setup));
      store.claim(claim("w", 100)).forEach(chunk -> settle(store, job, chunk));
      List<ClaimedTask> begun = new ArrayList<>();
      race(THREADS, number -> store.claim(claim("w" + number, 1))).forEach(begun::addAll);
      assertThat(begun).hasSize(1);
      StoreDatabase.run(database, "TRUNCATE viewexport.job CASCADE");
    }
  }

  @Test
  void aCancelAndTheLastMergeRaceToOneEnd() throws Exception {
    JobStore store = PostgresJobStore.open(database);
    for (int round = 0; round < 30; round++) {
      NewJob job = planned(1, 1);
      store.create(job);
      settle(store, job, store.claim(claim("w", 1)).get(0));
      settle(store, job, store.claim(claim("w", 1)).get(0));
      ClaimedTask merge = store.claim(claim("w", 1)).get(0);
      Decision cancel = on(new JobEvent.CancelRequested());
      List<Boolean> done =
          race(
              2,
              number -> number == 0 ? store.update(job.id(), cancel) : settle(store, job, merge));
      assertThat(done).containsOnly(true);
      assertThat(state(store, job)).isEqualTo(JobState.COMPLETED);
      settle(store, job, store.claim(claim("w", 1)).get(0));
    }
  }

  @Test
  void cancelsClaimsAndRenewalsDoNotStandInEachOthersWay() throws Exception {
    JobStore store = PostgresJobStore.open(database);
    List<NewJob> jobs = new ArrayList<>();
    for (int number = 0; number < 20; number++) {
      jobs.add(planned(2, 20));
      store.create(jobs.get(number));
    }
    Decision cancel = on(new JobEvent.CancelRequested());
    race(
        THREADS,
        number -> {
          for (int round = 0; round < 60; round++) {
            for (ClaimedTask task : store.claim(claim("w" + number, 3))) {
              store.renew(List.of(new LeaseProgress(task.lease(), 1, 1)), LEASE);
              settle(store, jobs.get(0), task);
            }
            if (round % 10 == 9) {
              store.update(jobs.get((number * 7 + round) % 20).id(), cancel);
            }
          }
          return true;
        });
    jobs.forEach(job -> store.update(job.id(), cancel));
    List<ClaimedTask> rest = store.claim(claim("w", 100));
    while (!rest.isEmpty()) {
      rest.forEach(task -> settle(store, jobs.get(0), task));
      rest = store.claim(claim("w", 100));
    }
    assertThat(jobs).allMatch(job -> state(store, job).isFinal());
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
