// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.Experimental;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.core.ExportService;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.testkit.store.FaultyJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Several servers on one store, without threads: a test says which server does what, and when time
 * passes. So what a host does around exports can be tested to the step.
 *
 * <pre>{@code
 * SteppedCluster cluster =
 *     SteppedCluster.of(2, server -> server.source(source).backend(backend));
 * ExportJob job = cluster.server(0).submit(request);
 * cluster.runOnce(0);                      // server 0 takes one task
 * cluster.crash(0);                        // and is not heard of again
 * cluster.advance(Duration.ofMinutes(2));  // its leases run out
 * assertThat(cluster.finish(job.id()).state()).isEqualTo(JobState.COMPLETED); // by server 1
 * }</pre>
 *
 * <p>The store is an {@link InMemoryJobStore}, and all clocks are one {@link ManualClock}. For use
 * by one thread.
 */
@Experimental
public final class SteppedCluster implements AutoCloseable {
  private static final int MOST_ROUNDS = 500;
  private static final Duration ROUND = Duration.ofSeconds(5);

  private final ManualClock clock = new ManualClock();
  private final JobStore store = InMemoryJobStore.create(clock);
  private final List<Server> servers = new ArrayList<>();

  private record Server(ExportService service, FaultyJobStore store) {}

  private SteppedCluster() {}

  /**
   * A cluster of so many servers.
   *
   * @param servers how many
   * @param setup gives each what it needs beside store and clock: a source, backends, a
   *     configuration
   * @return the cluster, with nothing run yet
   */
  public static SteppedCluster of(int servers, Consumer<ExportService.Builder> setup) {
    SteppedCluster cluster = new SteppedCluster();
    for (int number = 0; number < servers; number++) {
      cluster.add(setup);
    }
    return cluster;
  }

  /**
   * One more server, perhaps with other backends; its number is the next one.
   *
   * @param setup gives it what it needs beside store and clock
   * @return the server
   */
  public ExportService add(Consumer<ExportService.Builder> setup) {
    FaultyJobStore way = new FaultyJobStore(store);
    ExportService.Builder builder = ExportService.builder().store(way).nanoTime(clock);
    setup.accept(builder);
    ExportService service = builder.build();
    servers.add(new Server(service, way));
    return service;
  }

  /** {@return the clock of all} */
  public ManualClock clock() {
    return clock;
  }

  /** {@return the store as it is, whatever way to it is cut} */
  public JobStore store() {
    return store;
  }

  /**
   * A server, by number from 0.
   *
   * @param number from 0, in the order in which they were added
   * @return the server
   */
  public ExportService server(int number) {
    return servers.get(number).service();
  }

  /**
   * A server's way to the store: to make its calls fail.
   *
   * @param number of the server, from 0
   * @return the store as this server sees it
   */
  public FaultyJobStore storeOf(int number) {
    return servers.get(number).store();
  }

  /**
   * Lets a server run one task that is due; returns whether there was one.
   *
   * @param number of the server, from 0
   * @return whether there was one
   */
  public boolean runOnce(int number) {
    return server(number).runOnce();
  }

  /**
   * Ends a server as a crash does: its leases stay until they run out.
   *
   * @param number of the server, from 0
   */
  public void crash(int number) {
    storeOf(number).crash();
  }

  /**
   * Lets the servers that are alive take turns until no task is due; returns how many they ran.
   *
   * @return how many tasks they ran
   */
  public int drain() {
    int tasks = 0;
    boolean any = true;
    while (any) {
      any = false;
      for (Server server : servers) {
        boolean ran = !server.store().isCut() && server.service().runOnce();
        any |= ran;
        tasks += ran ? 1 : 0;
      }
    }
    return tasks;
  }

  /**
   * Lets time pass, after which each server that is alive does its upkeep.
   *
   * @param time how much; not negative
   */
  public void advance(Duration time) {
    clock.advance(time);
    for (Server server : servers) {
      if (!server.store().isCut()) {
        server.service().maintain();
      }
    }
  }

  /**
   * Runs all that is due, and lets time pass, until a job and its clean-up are at their end.
   *
   * @param id of the job
   * @return the job at its end
   * @throws AssertionError where that does not come within 40 minutes of the clock
   */
  public ExportJob finish(JobId id) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      drain();
      ExportJob job = store.find(id).orElseThrow(() -> new AssertionError("no job " + id));
      if (job.state().isFinal() && job.cleanup() != CleanupState.OPEN) {
        return job;
      }
      advance(ROUND);
    }
    throw new AssertionError("job " + id + " has no end: " + store.find(id));
  }

  /** Closes the servers that are alive, and the store. */
  @Override
  public void close() {
    servers.stream()
        .filter(server -> !server.store().isCut())
        .forEach(server -> server.service().close());
    store.close();
  }
}
