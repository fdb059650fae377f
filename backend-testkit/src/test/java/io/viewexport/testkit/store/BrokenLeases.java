// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Stores that get leases or locks wrong. */
final class BrokenLeases {
  private BrokenLeases() {}

  static final class KeepsCancelsQuiet extends ForwardingJobStore {
    KeepsCancelsQuiet(JobStore real) {
      super(real);
    }

    @Override
    public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
      Map<Lease, LeaseStatus> found = new LinkedHashMap<>(super.renew(leases, lease));
      found.replaceAll(
          (one, status) -> status == LeaseStatus.JOB_ENDING ? LeaseStatus.HELD : status);
      return found;
    }
  }

  static final class RenewsForAMinute extends ForwardingJobStore {
    RenewsForAMinute(JobStore real) {
      super(real);
    }

    @Override
    public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
      return super.renew(leases, Duration.ofMinutes(1));
    }
  }

  /** Knows who has a task now, whoever asks. */
  private abstract static class Tokenless extends ForwardingJobStore {
    private final Map<TaskId, Lease> current = new ConcurrentHashMap<>();

    Tokenless(JobStore real) {
      super(real);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      List<ClaimedTask> claimed = super.claim(request);
      claimed.forEach(task -> current.put(task.lease().task(), task.lease()));
      return claimed;
    }

    final Lease current(Lease lease) {
      return current.getOrDefault(lease.task(), lease);
    }
  }

  static final class SettlesWithoutAToken extends Tokenless {
    SettlesWithoutAToken(JobStore real) {
      super(real);
    }

    @Override
    public boolean settle(Lease lease, Decision decision) {
      return super.settle(current(lease), decision);
    }
  }

  static final class RenewsWithoutAToken extends Tokenless {
    RenewsWithoutAToken(JobStore real) {
      super(real);
    }

    @Override
    public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
      Map<Lease, LeaseStatus> found = new HashMap<>();
      for (LeaseProgress one : leases) {
        LeaseProgress asked =
            new LeaseProgress(current(one.lease()), one.rowCount(), one.byteCount());
        super.renew(List.of(asked), lease).values().forEach(it -> found.put(one.lease(), it));
      }
      return found;
    }
  }

  static final class SavesWithoutAToken extends Tokenless {
    SavesWithoutAToken(JobStore real) {
      super(real);
    }

    @Override
    public boolean saveCheckpoint(Lease lease, String checkpoint) {
      return super.saveCheckpoint(current(lease), checkpoint);
    }
  }

  static final class ForgetsWhoSettled extends ForwardingJobStore {
    private final Set<Lease> ended = ConcurrentHashMap.newKeySet();

    ForgetsWhoSettled(JobStore real) {
      super(real);
    }

    @Override
    public boolean settle(Lease lease, Decision decision) {
      if (ended.contains(lease)) {
        return false;
      }
      return super.settle(
          lease,
          new AlteredDecision(decision) {
            @Override
            public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
              Transition said = super.decide(job, task);
              said.task().ifPresent(change -> ended.add(lease));
              return said;
            }
          });
    }
  }

  static final class AddsProgressUp extends ForwardingJobStore {
    private final Map<Lease, Long> rows = new ConcurrentHashMap<>();

    AddsProgressUp(JobStore real) {
      super(real);
    }

    @Override
    public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
      return super.renew(leases.stream().map(this::added).toList(), lease);
    }

    private LeaseProgress added(LeaseProgress one) {
      long sum = rows.merge(one.lease(), one.rowCount(), Long::sum);
      return new LeaseProgress(one.lease(), sum, one.byteCount());
    }
  }

  /** Reads, waits, and drops its write where somebody was first. */
  static final class LosesTheSecondWrite extends ForwardingJobStore {
    private final AtomicLong writes = new AtomicLong();

    LosesTheSecondWrite(JobStore real) {
      super(real);
    }

    @Override
    public boolean settle(Lease lease, Decision decision) {
      writes.incrementAndGet();
      return super.settle(lease, decision);
    }

    @Override
    public boolean update(JobId id, Decision decision) {
      long before = writes.get();
      LockSupport.parkNanos(300_000);
      return writes.get() != before ? find(id).isPresent() : super.update(id, decision);
    }
  }

  static final class LocksInTwoOrders extends ForwardingJobStore {
    private final Lock jobs = new ReentrantLock();
    private final Lock tasks = new ReentrantLock();

    LocksInTwoOrders(JobStore real) {
      super(real);
    }

    @Override
    protected <T> T around(StoreCall call, Supplier<T> work) {
      return switch (call) {
        case CLAIM -> locked(tasks, jobs, work);
        case SETTLE -> locked(jobs, tasks, work);
        default -> work.get();
      };
    }

    private static <T> T locked(Lock first, Lock second, Supplier<T> work) {
      first.lock();
      try {
        Thread.onSpinWait();
        LockSupport.parkNanos(20_000);
        if (!second.tryLock(50, TimeUnit.MILLISECONDS)) {
          throw new JobStoreException("Two calls wait for each other.", null);
        }
        try {
          return work.get();
        } finally {
          second.unlock();
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new JobStoreException("Interrupted.", interrupted);
      } finally {
        first.unlock();
      }
    }
  }
}
