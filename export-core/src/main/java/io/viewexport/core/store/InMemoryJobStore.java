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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A job store in the memory of one process: its jobs are gone with it. */
public final class InMemoryJobStore implements JobStore {
  private static final int LIMITLESS = Integer.MAX_VALUE;
  private static final int MOST_UNSERVED = 1000;

  private final Object lock = new Object();
  private final Map<JobId, MemoryJob> jobs = new LinkedHashMap<>();
  private final MemoryQueue queue = new MemoryQueue();
  private final MemoryCluster cluster = new MemoryCluster();
  private final InstantSource clock;
  private Instant lastCreation = Instant.MIN;

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
      jobs.put(job.id(), new MemoryJob(job, queue, nextCreation(), clock.instant()));
      return job.id();
    }
  }

  /** No two jobs at one instant, also where the clock stands still: the list has their order. */
  private Instant nextCreation() {
    Instant now = clock.instant();
    lastCreation = now.isAfter(lastCreation) ? now : lastCreation.plusNanos(1);
    return lastCreation;
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
      return jobs.values().stream()
          .filter(job -> MemoryView.isWanted(job, filter))
          .sorted(MemoryView.NEWEST_FIRST)
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
  public int admit(OptionalInt jobsPerPrincipal) {
    synchronized (lock) {
      int admitted = 0;
      for (MemoryJob job : jobs.values()) {
        boolean heldBack = !job.admitted && !job.state.isFinal() && job.stop == StopCause.NONE;
        if (heldBack && running(job.request.principal()) < jobsPerPrincipal.orElse(LIMITLESS)) {
          job.admit(clock.instant());
          admitted++;
        }
      }
      return admitted;
    }
  }

  private long running(Optional<String> principal) {
    return jobs.values().stream()
        .filter(job -> job.admitted && !job.state.isFinal())
        .filter(job -> job.request.principal().equals(principal))
        .count();
  }

  @Override
  public List<ClaimedTask> claim(ClaimRequest request) {
    synchronized (lock) {
      Instant now = clock.instant();
      List<ClaimedTask> claimed = new ArrayList<>();
      for (MemoryTask task : queue.claimable(request, now)) {
        MemoryJob job = Objects.requireNonNull(jobs.get(task.id.job()));
        boolean starts = job.lease(task, request, now);
        claimed.add(MemoryView.claimed(job, task, starts));
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
      return held.isPresent() || task(lease).filter(task -> task.wasEndedBy(lease)).isPresent();
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
  public int purge(Duration retention, int limit) {
    synchronized (lock) {
      Instant before = clock.instant().minus(retention);
      List<MemoryJob> old =
          jobs.values().stream()
              .filter(job -> job.cleanedAt != null && job.cleanedAt.isBefore(before))
              .sorted(Comparator.comparing(job -> Objects.requireNonNull(job.cleanedAt)))
              .limit(limit)
              .toList();
      old.forEach(job -> jobs.remove(job.id));
      return old.size();
    }
  }

  @Override
  public boolean takeDuty(String duty, String worker, Duration lease) {
    synchronized (lock) {
      return cluster.takeDuty(duty, worker, clock.instant(), lease);
    }
  }

  @Override
  public void announce(String worker, Set<String> kinds, Duration validFor) {
    synchronized (lock) {
      cluster.announce(worker, kinds, clock.instant().plus(validFor));
    }
  }

  @Override
  public UnservedJobs unserved() {
    synchronized (lock) {
      Instant now = clock.instant();
      Set<String> served = cluster.kindsServedAt(now);
      served.addAll(queue.kindsHeldAt(now));
      List<JobId> unserved =
          jobs.values().stream()
              .filter(job -> !job.state.isFinal() && job.admitted)
              .filter(job -> !served.contains(job.request.kind()))
              .limit(MOST_UNSERVED)
              .map(job -> job.id)
              .toList();
      return new UnservedJobs(unserved, served);
    }
  }

  @Override
  public QueueStats stats() {
    synchronized (lock) {
      Instant now = clock.instant();
      MemoryQueue.Due due = queue.due(now);
      List<MemoryJob> unfinished =
          jobs.values().stream().filter(job -> !job.state.isFinal()).toList();
      return new QueueStats(
          due.count(),
          due.since().map(since -> Duration.between(since, now)),
          queue.leasedCount(),
          unfinished.size(),
          unfinished.stream().filter(job -> !job.admitted).count(),
          unfinished.stream()
              .map(job -> job.createdAt)
              .min(Comparator.naturalOrder())
              .map(created -> Duration.between(created, now)));
    }
  }

  @Override
  public SnapshotStore snapshots() {
    return new MemorySnapshots(lock, jobs, clock);
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
    return task(lease).filter(task -> task.isHeldBy(lease));
  }

  private Optional<MemoryTask> task(Lease lease) {
    return job(lease.task().job()).flatMap(job -> Optional.ofNullable(job.tasks.get(lease.task())));
  }
}
