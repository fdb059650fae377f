// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Takes as many due tasks as there are free slots. */
final class Claimer {
  private final JobStore store;
  private final TaskRunner runner;
  private final ExportConfig config;
  private final String worker;
  private final Set<String> kinds;
  private final LongSupplier nanoTime;
  private final IntSupplier snapshots;

  /**
   * A claimer.
   *
   * @param snapshots how many connections of the pool are held for shared snapshots
   */
  Claimer(
      JobStore store,
      TaskRunner runner,
      ExportConfig config,
      String worker,
      Set<String> kinds,
      LongSupplier nanoTime,
      IntSupplier snapshots) {
    this.snapshots = snapshots;
    this.store = store;
    this.runner = runner;
    this.config = config;
    this.worker = worker;
    this.kinds = Set.copyOf(kinds);
    this.nanoTime = nanoTime;
  }

  /** Fills the free slots and says how long to wait before the next look. */
  Duration fill(SlotPool slots) {
    int surplus = config.tasksAtOnce() + snapshots.getAsInt() - config.chunkBudget();
    int free = slots.free() - Math.max(0, surplus);
    if (free > 0) {
      long askedAt = nanoTime.getAsLong();
      for (ClaimedTask task : claim(free)) {
        if (!slots.run(() -> runner.run(task, askedAt))) {
          runner.giveBack(task);
        }
      }
    }
    return pause();
  }

  /** Takes one due task, if there is one, and runs it on the calling thread. */
  boolean runOne() {
    long askedAt = nanoTime.getAsLong();
    List<ClaimedTask> tasks = claim(1);
    tasks.forEach(task -> runner.run(task, askedAt));
    return !tasks.isEmpty();
  }

  private List<ClaimedTask> claim(int limit) {
    return kinds.isEmpty()
        ? List.of()
        : store.claim(
            new ClaimRequest(worker, kinds, limit, config.leaseDuration(), config.clusterSlots()));
  }

  /** Spread, so that the servers of a cluster do not look at the same moment. */
  private Duration pause() {
    double spread = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
    return Duration.ofNanos(Math.round(config.pollInterval().toNanos() * spread));
  }
}
