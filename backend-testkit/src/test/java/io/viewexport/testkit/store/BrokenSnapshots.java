// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.SnapshotStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that get shared snapshots wrong. */
final class BrokenSnapshots {
  private BrokenSnapshots() {}

  /** Hands every call on. */
  private static class Snapshots implements SnapshotStore {
    final SnapshotStore real;

    Snapshots(SnapshotStore real) {
      this.real = real;
    }

    final int generation(JobId id) {
      return real.find(id).map(SnapshotState::generation).orElse(0);
    }

    @Override
    public Optional<SnapshotState> find(JobId id) {
      return real.find(id);
    }

    @Override
    public Optional<Integer> open(JobId id, HeldSnapshot held, String worker, Duration lease) {
      return real.open(id, held, worker, lease);
    }

    @Override
    public Optional<Duration> renew(JobId id, int generation, String worker, Duration lease) {
      return real.renew(id, generation, worker, lease);
    }

    @Override
    public void end(JobId id, int generation) {
      real.end(id, generation);
    }

    @Override
    public void fallBack(JobId id, int generation) {
      real.fallBack(id, generation);
    }
  }

  static final class OpensBesideAHolder extends ForwardingJobStore {
    OpensBesideAHolder(JobStore real) {
      super(real);
    }

    @Override
    public SnapshotStore snapshots() {
      return new Snapshots(super.snapshots()) {
        @Override
        public Optional<Integer> open(JobId id, HeldSnapshot held, String worker, Duration lease) {
          real.end(id, generation(id));
          return real.open(id, held, worker, lease);
        }
      };
    }
  }

  /** Knows who holds a snapshot, and renews in another way. */
  private abstract static class KnowingHolders extends ForwardingJobStore {
    private final Map<JobId, String> holders = new ConcurrentHashMap<>();

    KnowingHolders(JobStore real) {
      super(real);
    }

    final String holder(JobId id) {
      return holders.getOrDefault(id, "nobody");
    }

    abstract Optional<Duration> renewed(
        Snapshots of, JobId id, int generation, String worker, Duration lease);

    @Override
    public SnapshotStore snapshots() {
      return new Snapshots(super.snapshots()) {
        @Override
        public Optional<Integer> open(JobId id, HeldSnapshot held, String worker, Duration lease) {
          Optional<Integer> opened = super.open(id, held, worker, lease);
          opened.ifPresent(generation -> holders.put(id, worker));
          return opened;
        }

        @Override
        public Optional<Duration> renew(JobId id, int generation, String worker, Duration lease) {
          return renewed(this, id, generation, worker, lease);
        }
      };
    }
  }

  static final class RenewsForAnyWorker extends KnowingHolders {
    RenewsForAnyWorker(JobStore real) {
      super(real);
    }

    @Override
    Optional<Duration> renewed(
        Snapshots of, JobId id, int generation, String worker, Duration lease) {
      return of.real.renew(id, generation, holder(id), lease);
    }
  }

  static final class CountsFromTheLastRenewal extends ForwardingJobStore {
    CountsFromTheLastRenewal(JobStore real) {
      super(real);
    }

    @Override
    public SnapshotStore snapshots() {
      return new Snapshots(super.snapshots()) {
        @Override
        public Optional<Duration> renew(JobId id, int generation, String worker, Duration lease) {
          return real.renew(id, generation, worker, lease).map(held -> Duration.ZERO);
        }
      };
    }
  }

  static final class EndsWhateverIsHeld extends ForwardingJobStore {
    EndsWhateverIsHeld(JobStore real) {
      super(real);
    }

    @Override
    public SnapshotStore snapshots() {
      return new Snapshots(super.snapshots()) {
        @Override
        public void end(JobId id, int generation) {
          real.end(id, generation(id));
        }
      };
    }
  }

  /** Shows decisions the first snapshot of a job for ever. */
  static final class TakesOldReceipts extends ForwardingJobStore {
    TakesOldReceipts(JobStore real) {
      super(real);
    }

    @Override
    public boolean settle(Lease lease, Decision decision) {
      return super.settle(
          lease,
          new AlteredDecision(decision) {
            @Override
            public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
              return super.decide(atFirst(job), task);
            }
          });
    }

    private static JobSnapshot atFirst(JobSnapshot job) {
      return new JobSnapshot(
          job.state(),
          job.stop(),
          job.stage(),
          job.left(),
          job.views(),
          job.merged(),
          job.unknown(),
          job.lostLeases(),
          Math.min(job.snapshotGeneration(), 1));
    }
  }

  static final class RenewsToTheEnd extends KnowingHolders {
    RenewsToTheEnd(JobStore real) {
      super(real);
    }

    @Override
    Optional<Duration> renewed(
        Snapshots of, JobId id, int generation, String worker, Duration lease) {
      boolean holds =
          worker.equals(holder(id)) && generation > 0 && generation == of.generation(id);
      return of.real
          .renew(id, generation, worker, lease)
          .or(() -> holds ? Optional.of(Duration.ZERO) : Optional.empty());
    }
  }

  static final class GoesOnSharing extends ForwardingJobStore {
    GoesOnSharing(JobStore real) {
      super(real);
    }

    @Override
    public SnapshotStore snapshots() {
      return new Snapshots(super.snapshots()) {
        @Override
        public void fallBack(JobId id, int generation) {
          real.end(id, generation);
        }
      };
    }
  }
}
