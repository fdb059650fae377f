// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.SharedSnapshot;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.SnapshotStore;
import io.viewexport.core.store.StoredJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Finds the snapshot that a chunk is to be read under, and takes one where nobody holds any: the
 * first server that needs it becomes its holder. No worker waits for another to do so, but hands
 * its chunk back.
 */
final class SharedSnapshots {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final SnapshotStore store;
  private final ViewSource source;
  private final ExportConfig config;
  private final String worker;
  private final HeldSnapshots held;
  private final SnapshotLimit limit;
  private final NextSinces nextSinces;
  private final Set<JobId> opening = new HashSet<>();

  SharedSnapshots(
      SnapshotStore store,
      ViewSource source,
      ExportConfig config,
      String worker,
      HeldSnapshots held,
      SnapshotLimit limit) {
    this.store = store;
    this.source = source;
    this.config = config;
    this.worker = worker;
    this.held = held;
    this.limit = limit;
    this.nextSinces = new NextSinces(source, config);
  }

  /**
   * How a chunk of a job is to be read: under a snapshot that is held, or, where the job has fallen
   * back, under one of its own.
   *
   * @param running how many tasks this server runs
   * @throws SnapshotNotReadyException where there will be one a little later
   */
  SnapshotState of(StoredJob job, StopSignal stop, IntSupplier running) {
    SnapshotState found = find(job);
    if (isReady(found)) {
      return found;
    }
    if (limit.endsAfter(job.id(), found.generation()) || !begin(job.id())) {
      throw new SnapshotNotReadyException();
    }
    try {
      awaitConnection(stop, running);
      open(job);
    } finally {
      end(job.id());
    }
    SnapshotState opened = find(job);
    if (isReady(opened)) {
      return opened;
    }
    throw new SnapshotNotReadyException();
  }

  /** Has the next chunk take a new snapshot, as this one can't be used. */
  void lost(JobId job, int generation) {
    store.end(job, generation);
  }

  /** How many connections are held for snapshots, or about to be. */
  int connections() {
    synchronized (opening) {
      return held.count() + opening.size();
    }
  }

  private SnapshotState find(StoredJob job) {
    return store.find(job.id()).orElseThrow(SnapshotNotReadyException::new);
  }

  private static boolean isReady(SnapshotState state) {
    return state.held().isPresent() || state.mode() == SnapshotMode.PER_CHUNK;
  }

  private boolean begin(JobId job) {
    synchronized (opening) {
      return opening.add(job);
    }
  }

  private void end(JobId job) {
    synchronized (opening) {
      opening.remove(job);
    }
  }

  /**
   * From now on this server claims one task less; those that run and need this snapshot, too, hand
   * theirs back.
   */
  private void awaitConnection(StopSignal stop, IntSupplier running) {
    long begun = System.nanoTime();
    while (running.getAsInt() + connections() > config.chunkBudget()) {
      stop.throwIfStopped();
      if (System.nanoTime() - begun > LONGEST_WAIT.toNanos()
          || Thread.currentThread().isInterrupted()) {
        throw new SnapshotNotReadyException();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void open(StoredJob job) {
    List<NextSince> before = new ArrayList<>();
    job.views().forEach(view -> before.add(nextSinces.of(view)));
    List<ViewName> views = job.views().stream().map(SharedSnapshots::relation).distinct().toList();
    SharedSnapshot snapshot = source.openSnapshot(views);
    Optional<Integer> generation = Optional.empty();
    try {
      HeldSnapshot taken = new HeldSnapshot(snapshot.name(), before);
      generation = store.open(job.id(), taken, worker, config.leaseDuration());
      generation.ifPresent(opened -> held.add(job.id(), opened, snapshot));
    } finally {
      if (generation.isEmpty()) {
        snapshot.close();
      }
    }
  }

  private static ViewName relation(ExportView view) {
    return view.description().name();
  }
}
