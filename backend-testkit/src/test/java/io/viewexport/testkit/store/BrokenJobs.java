// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Stores that get jobs wrong. */
final class BrokenJobs {
  private BrokenJobs() {}

  static ExportJob with(
      ExportJob job,
      Instant createdAt,
      Optional<Instant> endedAt,
      Optional<ExportFailure> failure,
      OptionalInt queuePosition) {
    return new ExportJob(
        job.id(),
        job.request(),
        job.state(),
        createdAt,
        job.startedAt(),
        endedAt,
        job.outputs(),
        failure,
        job.cleanup(),
        job.cleanupFailure(),
        queuePosition,
        job.cancelRequested(),
        job.snapshotMode());
  }

  /** Shows every job changed. */
  abstract static class Showing extends ForwardingJobStore {
    Showing(JobStore real) {
      super(real);
    }

    abstract ExportJob shown(ExportJob job);

    @Override
    public Optional<ExportJob> find(JobId id) {
      return super.find(id).map(this::shown);
    }

    @Override
    public List<ExportJob> list(JobFilter filter) {
      return super.list(filter).stream().map(this::shown).toList();
    }
  }

  static final class ForgetsCancelsAtTheEnd extends Showing {
    ForgetsCancelsAtTheEnd(JobStore real) {
      super(real);
    }

    @Override
    ExportJob shown(ExportJob job) {
      return new ExportJob(
          job.id(),
          job.request(),
          job.state(),
          job.createdAt(),
          job.startedAt(),
          job.endedAt(),
          job.outputs(),
          job.failure(),
          job.cleanup(),
          job.cleanupFailure(),
          job.queuePosition(),
          job.cancelRequested() && !job.state().isFinal(),
          job.snapshotMode());
    }
  }

  static final class CreatesTwice extends ForwardingJobStore {
    CreatesTwice(JobStore real) {
      super(real);
    }

    @Override
    public JobId create(NewJob job) {
      if (find(job.id()).isPresent()) {
        super.create(new NewJob(JobId.random(), job.request(), job.plan(), job.heldBack()));
        return job.id();
      }
      return super.create(job);
    }
  }

  static final class StripsText extends ForwardingJobStore {
    StripsText(JobStore real) {
      super(real);
    }

    @Override
    public boolean saveCheckpoint(Lease lease, String checkpoint) {
      return super.saveCheckpoint(lease, checkpoint.strip());
    }
  }

  static final class ForgetsPrincipals extends ForwardingJobStore {
    ForgetsPrincipals(JobStore real) {
      super(real);
    }

    @Override
    public JobId create(NewJob job) {
      Optional<String> key = job.request().idempotencyKey();
      return list(JobFilter.NEWEST).stream()
          .filter(other -> key.isPresent() && !other.state().isFinal())
          .filter(other -> other.request().idempotencyKey().equals(key))
          .map(ExportJob::id)
          .findFirst()
          .orElseGet(() -> super.create(job));
    }
  }

  /** Its own look finds nothing where another server is between its look and its insert. */
  static final class LooksBeforeItInserts extends ForwardingJobStore {
    private final Map<JobId, ExportRequest> requests = new ConcurrentHashMap<>();

    LooksBeforeItInserts(JobStore real) {
      super(real);
    }

    @Override
    public JobId create(NewJob job) {
      if (job.request().idempotencyKey().isEmpty()) {
        return super.create(job);
      }
      Optional<JobId> known =
          job.request()
              .idempotencyKey()
              .flatMap(key -> findUnfinished(job.request().principal(), key));
      if (known.isPresent()) {
        return known.get();
      }
      LockSupport.parkNanos(200_000);
      requests.put(job.id(), job.request());
      ExportRequest.Builder keyless = SampleJobs.request(job.request().kind(), 0);
      job.request().views().forEach(keyless::view);
      return super.create(new NewJob(job.id(), keyless.build(), job.plan(), job.heldBack()));
    }

    @Override
    public Optional<JobId> findUnfinished(Optional<String> principal, String idempotencyKey) {
      return requests.entrySet().stream()
          .filter(entry -> entry.getValue().principal().equals(principal))
          .filter(entry -> entry.getValue().idempotencyKey().equals(Optional.of(idempotencyKey)))
          .map(Map.Entry::getKey)
          .filter(id -> super.find(id).filter(job -> !job.state().isFinal()).isPresent())
          .findFirst();
    }
  }

  static final class TakesTheLatestPlan extends ForwardingJobStore {
    private final Map<JobId, PlannedExport> latest = new ConcurrentHashMap<>();

    TakesTheLatestPlan(JobStore real) {
      super(real);
    }

    @Override
    public boolean settle(Lease lease, Decision decision) {
      JobModel model = new JobModel(lease.task().type(), 1, 0);
      Transition said =
          decision.decide(
              model.snapshot(), Optional.of(new TaskSnapshot(lease.task().type(), 0, false, 0)));
      said.plan().ifPresent(plan -> latest.put(lease.task().job(), plan));
      return super.settle(lease, decision);
    }

    @Override
    public Optional<ExportJob> find(JobId id) {
      return super.find(id)
          .map(job -> latest.containsKey(id) ? new PlanShown(latest.get(id)).apply(job) : job);
    }

    private record PlanShown(PlannedExport plan) implements UnaryOperator<ExportJob> {
      @Override
      public ExportJob apply(ExportJob job) {
        ExportOutput old = job.outputs().get(0);
        ExportOutput output =
            new ExportOutput(
                old.name(),
                old.view(),
                old.outcome(),
                old.location(),
                old.counts(),
                plan.views().get(0).slices().size(),
                old.chunksDone(),
                old.rowCount(),
                old.byteCount(),
                old.nextSince());
        return new ExportJob(
            job.id(),
            job.request(),
            job.state(),
            job.createdAt(),
            job.startedAt(),
            job.endedAt(),
            List.of(output),
            job.failure(),
            job.cleanup(),
            job.cleanupFailure(),
            job.queuePosition(),
            job.cancelRequested(),
            job.snapshotMode());
      }
    }
  }

  static final class KnowsEveryJob extends ForwardingJobStore {
    KnowsEveryJob(JobStore real) {
      super(real);
    }

    @Override
    public boolean update(JobId id, Decision decision) {
      super.update(id, decision);
      return true;
    }
  }

  static final class WritesTheEndAgain extends Showing {
    private final Map<JobId, Instant> ends = new ConcurrentHashMap<>();

    WritesTheEndAgain(JobStore real) {
      super(real);
    }

    @Override
    public boolean update(JobId id, Decision decision) {
      super.find(id)
          .flatMap(ExportJob::endedAt)
          .ifPresent(ended -> ends.put(id, ended.plusSeconds(1)));
      return super.update(id, decision);
    }

    @Override
    ExportJob shown(ExportJob job) {
      Optional<Instant> ended = Optional.ofNullable(ends.get(job.id())).or(job::endedAt);
      return with(job, job.createdAt(), ended, job.failure(), job.queuePosition());
    }
  }

  static final class KeepsLocalTime extends Showing {
    KeepsLocalTime(JobStore real) {
      super(real);
    }

    @Override
    ExportJob shown(ExportJob job) {
      Duration offset = Duration.ofMillis(TimeZone.getDefault().getRawOffset());
      return with(
          job, job.createdAt().plus(offset), job.endedAt(), job.failure(), job.queuePosition());
    }
  }

  static final class KeepsTheLastCauseAlone extends Showing {
    KeepsTheLastCauseAlone(JobStore real) {
      super(real);
    }

    @Override
    ExportJob shown(ExportJob job) {
      Optional<ExportFailure> failure =
          job.failure()
              .map(old -> new ExportFailure(old.task(), old.failures(), old.last(), old.last()));
      return with(job, job.createdAt(), job.endedAt(), failure, job.queuePosition());
    }
  }

  static final class IgnoresExclusionKeys extends ForwardingJobStore {
    IgnoresExclusionKeys(JobStore real) {
      super(real);
    }

    @Override
    public JobId create(NewJob job) {
      Optional<PlannedExport> plan =
          job.plan()
              .map(
                  old ->
                      new PlannedExport(
                          old.views().stream()
                              .map(view -> withKey(view.view(), view, JobId.random().value()))
                              .toList()));
      return super.create(new NewJob(job.id(), job.request(), plan, job.heldBack()));
    }

    private static PlannedExport.PlannedView withKey(
        ExportView view, PlannedExport.PlannedView old, String key) {
      return new PlannedExport.PlannedView(view, old.slices(), key);
    }
  }

  static final class AdmitsOneTooMany extends ForwardingJobStore {
    AdmitsOneTooMany(JobStore real) {
      super(real);
    }

    @Override
    public int admit(OptionalInt jobsPerPrincipal) {
      return super.admit(
          jobsPerPrincipal.isPresent()
              ? OptionalInt.of(jobsPerPrincipal.getAsInt() + 1)
              : jobsPerPrincipal);
    }
  }

  static final class HoldsNothingBack extends ForwardingJobStore {
    HoldsNothingBack(JobStore real) {
      super(real);
    }

    @Override
    public JobId create(NewJob job) {
      return super.create(new NewJob(job.id(), job.request(), job.plan(), false));
    }
  }
}
