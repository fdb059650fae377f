// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.planned;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many chunks the PostgreSQL store claims and settles each second, one by one, by ten threads:
 * {@code mvn -pl export-core -am test -Dtest=StoreThroughputTest -Dtest.excludedGroups=live
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("long")
class StoreThroughputTest {
  private static final int THREADS = 10;

  @ParameterizedTest
  @CsvSource({"1,10000", "100,100", "1,10000", "100,100"})
  void chunksPerSecond(int jobs, int chunks) throws Exception {
    DataSource database = TestPool.of(StoreDatabase.fresh());
    JobStore store = PostgresJobStore.open(database);
    NewJob one = planned(1, chunks);
    store.create(one);
    for (int job = 1; job < jobs; job++) {
      store.create(planned(1, chunks));
    }
    store
        .claim(claim("w", 1000))
        .forEach(task -> store.settle(task.lease(), on(success(task, one))));

    AtomicInteger done = new AtomicInteger();
    List<Callable<Boolean>> workers = new ArrayList<>();
    for (int worker = 0; worker < THREADS; worker++) {
      String name = "w" + worker;
      workers.add(() -> work(store, one, name, done, jobs * chunks));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    long started = System.nanoTime();
    for (Future<Boolean> future : threads.invokeAll(workers)) {
      assertThat(future.get()).isTrue();
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    threads.shutdown();
    System.out.printf("%d jobs of %d chunks: %.0f tasks/s%n", jobs, chunks, done.get() / seconds);
  }

  private static boolean work(
      JobStore store, NewJob job, String worker, AtomicInteger done, int all) {
    boolean settled = true;
    while (done.get() < all) {
      for (ClaimedTask task : store.claim(claim(worker, 1))) {
        settled &= store.settle(task.lease(), on(success(task, job)));
        done.incrementAndGet();
      }
    }
    return settled;
  }
}
