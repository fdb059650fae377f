// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.JobId;
import io.viewexport.api.job.SnapshotMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** The shared snapshots of jobs in memory. */
final class MemorySnapshots implements SnapshotStore {
  private final Object lock;
  private final Map<JobId, MemoryJob> jobs;
  private final InstantSource clock;

  MemorySnapshots(Object lock, Map<JobId, MemoryJob> jobs, InstantSource clock) {
    this.lock = lock;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  public Optional<SnapshotState> find(JobId id) {
    synchronized (lock) {
      return Optional.ofNullable(jobs.get(id))
          .map(
              job ->
                  new SnapshotState(
                      job.snapshotMode,
                      job.generation,
                      Optional.ofNullable(job.snapshot)
                          .filter(held -> held.until().isAfter(clock.instant()))
                          .map(MemoryJob.Snapshot::held)));
    }
  }

  @Override
  public Optional<Integer> open(JobId id, HeldSnapshot held, String worker, Duration lease) {
    synchronized (lock) {
      MemoryJob job = jobs.get(id);
      if (job == null || !job.wantsSnapshot() || find(id).orElseThrow().held().isPresent()) {
        return Optional.empty();
      }
      job.generation++;
      job.snapshot =
          new MemoryJob.Snapshot(held, worker, clock.instant(), clock.instant().plus(lease));
      job.voidReceipts(clock.instant());
      return Optional.of(job.generation);
    }
  }

  @Override
  public Optional<Duration> renew(JobId id, int generation, String worker, Duration lease) {
    synchronized (lock) {
      Optional<MemoryJob> job =
          holding(id, generation)
              .filter(MemoryJob::wantsSnapshot)
              .filter(found -> found.snapshot != null && found.snapshot.worker().equals(worker));
      job.ifPresent(found -> found.prolong(clock.instant().plus(lease)));
      return job.map(found -> Duration.between(found.openedAt(), clock.instant()));
    }
  }

  @Override
  public void end(JobId id, int generation) {
    synchronized (lock) {
      holding(id, generation).ifPresent(job -> job.snapshot = null);
    }
  }

  @Override
  public void fallBack(JobId id, int generation) {
    synchronized (lock) {
      holding(id, generation)
          .ifPresent(
              job -> {
                job.snapshotMode = SnapshotMode.PER_CHUNK;
                job.generation = 0;
                job.snapshot = null;
              });
    }
  }

  private Optional<MemoryJob> holding(JobId id, int generation) {
    return Optional.ofNullable(jobs.get(id))
        .filter(job -> job.snapshotMode == SnapshotMode.SHARED && job.generation == generation);
  }
}
