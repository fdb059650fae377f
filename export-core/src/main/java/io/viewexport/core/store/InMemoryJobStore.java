// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** A job store in the memory of one process: its jobs are gone with it. */
public final class InMemoryJobStore implements JobStore {
  private final Object lock = new Object();
  private final Map<JobId, MemoryJob> jobs = new LinkedHashMap<>();
  private final MemoryQueue queue = new MemoryQueue();
  private final InstantSource clock;

  private InMemoryJobStore(InstantSource clock) {
    this.clock = clock;
  }

  /** An empty store. */
  public static InMemoryJobStore create() {
    return new InMemoryJobStore(InstantSource.system());
  }

  /** An empty store whose clock this is. */
  public static InMemoryJobStore create(InstantSource clock) {
    return new InMemoryJobStore(clock);
  }

  @Override
  public JobId create(NewJob job) {
    synchronized (lock) {
      ExportRequest request = job.request();
      Optional<JobId> known =
          request.idempotencyKey().flatMap(key -> findUnfinished(request.principal(), key));
      if (known.isPresent() || jobs.containsKey(job.id())) {
        return known.orElse(job.id());
      }
      jobs.put(job.id(), new MemoryJob(job, queue, clock.instant()));
      return job.id();
    }
  }

  @Override
  public Optional<JobId> findUnfinished(Optional<String> principal, String idempotencyKey) {
    synchronized (lock) {
      return jobs.values().stream()
          .filter(job -> !job.state.isFinal())
          .filter(job -> job.request.idempotencyKey().equals(Optional.of(idempotencyKey)))
          .filter(job -> job.request.principal().equals(principal))
          .map(job -> job.id)
          .findFirst();
    }
  }

  @Override
  public Optional<ExportJob> find(JobId id) {
    synchronized (lock) {
      return job(id).map(this::exportJob);
    }
  }

  @Override
  public List<ExportJob> list(JobFilter filter) {
    synchronized (lock) {
      List<MemoryJob> newest = new ArrayList<>();
      for (MemoryJob job : jobs.values()) {
        boolean owned =
            filter.principal().isEmpty() || job.request.principal().equals(filter.principal());
        if (owned && (filter.states().isEmpty() || filter.states().contains(job.state))) {
          newest.add(0, job);
        }
      }
      return newest.stream()
          .skip(filter.offset())
          .limit(filter.limit())
          .map(this::exportJob)
          .toList();
    }
  }

  private ExportJob exportJob(MemoryJob job) {
    int place = 0;
    for (MemoryJob other : jobs.values()) {
      place += other.state == JobState.ACCEPTED ? 1 : 0;
      if (other == job) {
        break;
      }
    }
    return MemoryView.exportJob(
        job, job.state == JobState.ACCEPTED ? OptionalInt.of(place) : OptionalInt.empty());
  }

  @Override
  public Optional<StoredJob> load(JobId id) {
    synchronized (lock) {
      return job(id)
          .map(
              job ->
                  new StoredJob(
                      job.id,
                      job.request,
                      job.state,
                      job.views.stream().map(PlannedExport.PlannedView::view).toList()));
    }
  }

  @Override
  public List<ClaimedTask> claim(ClaimRequest request) {
    synchronized (lock) {
      Instant now = clock.instant();
      List<ClaimedTask> claimed = new ArrayList<>();
      for (MemoryTask task : queue.claimable(request, now)) {
        MemoryJob job = Objects.requireNonNull(jobs.get(task.id.job()));
        job.lease(task, request, now);
        claimed.add(MemoryView.claimed(job, task));
      }
      return claimed;
    }
  }

  @Override
  public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
    synchronized (lock) {
      Map<Lease, LeaseStatus> found = new LinkedHashMap<>();
      for (LeaseProgress progress : leases) {
        found.put(progress.lease(), renew(progress, lease));
      }
      return found;
    }
  }

  private LeaseStatus renew(LeaseProgress progress, Duration lease) {
    Optional<MemoryTask> held = held(progress.lease());
    if (held.isEmpty()) {
      return LeaseStatus.LOST;
    }
    MemoryTask task = held.get();
    task.leaseUntil = clock.instant().plus(lease);
    task.rowCount = progress.rowCount();
    task.byteCount = progress.byteCount();
    StopCause stop = Objects.requireNonNull(jobs.get(task.id.job())).stop;
    return stop == StopCause.NONE ? LeaseStatus.HELD : LeaseStatus.JOB_ENDING;
  }

  @Override
  public boolean saveCheckpoint(Lease lease, String checkpoint) {
    synchronized (lock) {
      Optional<MemoryTask> held = held(lease);
      held.ifPresent(task -> task.checkpoint = checkpoint);
      return held.isPresent();
    }
  }

  @Override
  public boolean settle(Lease lease, Decision decision) {
    synchronized (lock) {
      Optional<MemoryTask> held = held(lease);
      if (held.isPresent()) {
        Objects.requireNonNull(jobs.get(lease.task().job())).apply(decision, held, clock.instant());
      }
      return held.isPresent();
    }
  }

  @Override
  public boolean update(JobId id, Decision decision) {
    synchronized (lock) {
      Optional<MemoryJob> job = job(id);
      job.ifPresent(found -> found.apply(decision, Optional.empty(), clock.instant()));
      return job.isPresent();
    }
  }

  @Override
  public List<AcceptedReceipt> receipts(JobId id, int view) {
    synchronized (lock) {
      return job(id).map(job -> MemoryView.receipts(job, view)).orElse(List.of());
    }
  }

  @Override
  public List<CancelContext.EndedView> endedViews(JobId id) {
    synchronized (lock) {
      return job(id).map(MemoryView::endedViews).orElse(List.of());
    }
  }

  @Override
  public int purge(Duration retention) {
    synchronized (lock) {
      Instant before = clock.instant().minus(retention);
      List<MemoryJob> old =
          jobs.values().stream()
              .filter(job -> job.cleanedAt != null && job.cleanedAt.isBefore(before))
              .toList();
      old.forEach(job -> jobs.remove(job.id));
      return old.size();
    }
  }

  @Override
  public void close() {}

  /** The counters that decisions see: for tests. */
  JobSnapshot snapshot(JobId id) {
    synchronized (lock) {
      return job(id).orElseThrow().snapshot();
    }
  }

  /** The state of each task of a job: for tests. */
  Map<TaskId, TaskState> taskStates(JobId id) {
    synchronized (lock) {
      Map<TaskId, TaskState> states = new LinkedHashMap<>();
      job(id).orElseThrow().tasks.forEach((task, found) -> states.put(task, found.state));
      return states;
    }
  }

  private Optional<MemoryJob> job(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  private Optional<MemoryTask> held(Lease lease) {
    return job(lease.task().job())
        .flatMap(job -> Optional.ofNullable(job.tasks.get(lease.task())))
        .filter(task -> task.isHeldBy(lease));
  }
}
