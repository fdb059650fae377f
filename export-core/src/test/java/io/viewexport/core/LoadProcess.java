// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static io.viewexport.core.state.JobStateMachine.on;

import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.TestJobs;
import io.viewexport.core.store.TestPool;
import io.viewexport.core.store.jdbi.PostgresJobStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One server of a fleet under load, in a process of its own: {@code <JDBC address> <user> <threads>
 * <name>}. It reads lines: {@code ENGINE}, {@code SINGLE} or {@code BATCH} begins a round, {@code
 * stop} ends it and is answered by the number of chunks done.
 */
final class LoadProcess {
  private final PostgresJobStore store;
  private final int threads;
  private final String worker;
  private volatile boolean stopped;

  private LoadProcess(PostgresJobStore store, int threads, String worker) {
    this.store = store;
    this.threads = threads;
    this.worker = worker;
  }

  /** How a round takes its tasks. */
  enum Way {
    /** A whole engine with a backend that does nothing. */
    ENGINE,
    /** The bare store; each thread claims one task and settles it. */
    SINGLE,
    /** The bare store; each thread claims ten tasks and settles them. */
    BATCH
  }

  public static void main(String[] args) throws Exception {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(args[0]);
    database.setUser(args[1]);
    try (PostgresJobStore store = PostgresJobStore.open(TestPool.of(database));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      LoadProcess process = new LoadProcess(store, Integer.parseInt(args[2]), args[3]);
      System.out.println("ready");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        process.round(Way.valueOf(line), in);
      }
    }
  }

  private void round(Way way, BufferedReader in) throws Exception {
    stopped = false;
    ExecutorService pool = Executors.newFixedThreadPool(1);
    Future<Integer> done = pool.submit(() -> way == Way.ENGINE ? engine() : bare(way));
    if (!"stop".equals(in.readLine())) {
      throw new IllegalStateException("a round is ended by stop");
    }
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    System.out.println(done.get());
    pool.shutdown();
  }

  private int engine() throws InterruptedException {
    IdleBackend backend = new IdleBackend();
    try (ExportService server =
        ExportService.builder()
            .store(store)
            .source(new NumberSource().with("sof.view0", 1))
            .backend(backend)
            .config(ExportConfig.builder().workerSlots(threads).poolSize(threads + 4).build())
            .build()) {
      server.start();
      synchronized (this) {
        while (!stopped) {
          wait();
        }
      }
    }
    return backend.chunks.get();
  }

  private int bare(Way way) throws Exception {
    AtomicInteger chunks = new AtomicInteger();
    NewJob job = TestJobs.planned(1, 1);
    int limit = way == Way.BATCH ? 10 : 1;
    List<Callable<Boolean>> workers = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      String name = worker + "-" + thread;
      workers.add(
          () -> {
            work(new ClaimRequest(name, Set.of(TestJobs.KIND), limit, TestJobs.LEASE), job, chunks);
            return true;
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (Future<Boolean> ended : pool.invokeAll(workers)) {
      ended.get();
    }
    pool.shutdown();
    return chunks.get();
  }

  private void work(ClaimRequest request, NewJob job, AtomicInteger chunks) {
    JobStore jobs = store;
    while (!stopped) {
      for (ClaimedTask task : jobs.claim(request)) {
        boolean settled = jobs.settle(task.lease(), on(TestJobs.success(task, job)));
        if (settled && TestJobs.is(task, TaskType.CHUNK)) {
          chunks.incrementAndGet();
        }
      }
    }
  }
}
