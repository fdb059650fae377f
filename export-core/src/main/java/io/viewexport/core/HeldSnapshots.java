// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.JobId;
import io.viewexport.api.view.SharedSnapshot;
import io.viewexport.core.store.SnapshotStore;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots that this server holds for jobs: renewed apart from all tasks, given up as soon as
 * they are not wanted any more.
 */
final class HeldSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(HeldSnapshots.class);

  private final SnapshotStore store;
  private final String worker;
  private final Duration lease;
  private final SnapshotLimit limit;
  private final Map<JobId, Held> held = new ConcurrentHashMap<>();

  HeldSnapshots(SnapshotStore store, String worker, Duration lease, SnapshotLimit limit) {
    this.store = store;
    this.worker = worker;
    this.lease = lease;
    this.limit = limit;
  }

  private record Held(int generation, SharedSnapshot snapshot) {}

  void add(JobId job, int generation, SharedSnapshot snapshot) {
    LOG.info("job={} snapshot={} held", job, generation);
    Held before = held.put(job, new Held(generation, snapshot));
    if (before != null) {
      close(before);
    }
  }

  int count() {
    return held.size();
  }

  /** Prolongs each, or gives it up; one thread at a time. */
  void renew() {
    Iterator<Map.Entry<JobId, Held>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<JobId, Held> one = all.next();
      if (!isKept(one.getKey(), one.getValue())) {
        LOG.info("job={} snapshot={} given up", one.getKey(), one.getValue().generation());
        close(one.getValue());
        held.remove(one.getKey(), one.getValue());
      }
    }
  }

  private boolean isKept(JobId job, Held one) {
    boolean alive;
    synchronized (one.snapshot()) {
      alive = one.snapshot().isAlive();
    }
    if (!alive) {
      store.end(job, one.generation());
      return false;
    }
    Optional<Duration> heldFor = store.renew(job, one.generation(), worker, lease);
    return heldFor.isPresent() && !limit.ends(job, one.generation(), heldFor.get());
  }

  private static void close(Held one) {
    synchronized (one.snapshot()) {
      one.snapshot().close();
    }
  }

  /** Gives up all: this server is being closed. */
  void close() {
    held.forEach(
        (job, one) -> {
          close(one);
          try {
            store.end(job, one.generation());
          } catch (RuntimeException trouble) {
            LOG.debug("job={} the store was not told: {}", job, trouble.getClass().getName());
          }
        });
    held.clear();
  }
}
