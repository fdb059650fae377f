// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.QueueStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Stores that get lists, figures or what is done for all wrong. */
final class BrokenLists {
  private BrokenLists() {}

  private static JobFilter with(
      JobFilter old, Optional<String> tracking, Optional<JobFilter.Place> after, int limit) {
    return new JobFilter(
        old.principal(),
        old.kind(),
        tracking,
        old.states(),
        old.createdFrom(),
        old.createdBefore(),
        after,
        limit);
  }

  static final class IgnoresAFilter extends ForwardingJobStore {
    IgnoresAFilter(JobStore real) {
      super(real);
    }

    @Override
    public List<ExportJob> list(JobFilter filter) {
      return super.list(
          with(
              filter,
              filter.clientTrackingId().filter(id -> !id.equals("t2")),
              filter.after(),
              filter.limit()));
    }
  }

  /** A page begins as many jobs down as the page before ended. */
  static final class PagesByNumber extends ForwardingJobStore {
    private final Map<JobId, Integer> places = new ConcurrentHashMap<>();

    PagesByNumber(JobStore real) {
      super(real);
    }

    @Override
    public List<ExportJob> list(JobFilter filter) {
      List<ExportJob> all =
          super.list(with(filter, filter.clientTrackingId(), Optional.empty(), 1000));
      int from = filter.after().map(last -> 1 + places.getOrDefault(last.id(), 0)).orElse(0);
      List<ExportJob> page = all.stream().skip(from).limit(filter.limit()).toList();
      page.forEach(job -> places.put(job.id(), all.indexOf(job)));
      return page;
    }
  }

  static final class CountsPlacesFromZero extends BrokenJobs.Showing {
    CountsPlacesFromZero(JobStore real) {
      super(real);
    }

    @Override
    ExportJob shown(ExportJob job) {
      OptionalInt place =
          job.queuePosition().isPresent()
              ? OptionalInt.of(job.queuePosition().getAsInt() - 1)
              : OptionalInt.empty();
      return BrokenJobs.with(job, job.createdAt(), job.endedAt(), job.failure(), place);
    }
  }

  static final class CountsNoLeases extends ForwardingJobStore {
    CountsNoLeases(JobStore real) {
      super(real);
    }

    @Override
    public QueueStats stats() {
      QueueStats real = super.stats();
      return new QueueStats(
          real.dueTasks(),
          real.oldestDue(),
          0,
          real.unfinishedJobs(),
          real.heldBackJobs(),
          real.oldestUnfinished());
    }
  }

  static final class PurgesWhatIsUncleaned extends ForwardingJobStore {
    private final Set<JobId> gone = ConcurrentHashMap.newKeySet();

    PurgesWhatIsUncleaned(JobStore real) {
      super(real);
    }

    @Override
    public int purge(Duration retention, int limit) {
      list(JobFilter.NEWEST).stream()
          .filter(job -> job.state().isFinal() && job.cleanup() == CleanupState.OPEN)
          .forEach(job -> gone.add(job.id()));
      return super.purge(retention, limit);
    }

    @Override
    public Optional<ExportJob> find(JobId id) {
      return super.find(id).filter(job -> !gone.contains(id));
    }
  }

  static final class PurgesAtOnce extends ForwardingJobStore {
    PurgesAtOnce(JobStore real) {
      super(real);
    }

    @Override
    public int purge(Duration retention, int limit) {
      return super.purge(Duration.ofMillis(-1), limit);
    }
  }

  static final class GivesDutiesToAll extends ForwardingJobStore {
    GivesDutiesToAll(JobStore real) {
      super(real);
    }

    @Override
    public boolean takeDuty(String duty, String worker, Duration lease) {
      super.takeDuty(duty, worker, lease);
      return true;
    }
  }

  static final class BelievesForEver extends ForwardingJobStore {
    BelievesForEver(JobStore real) {
      super(real);
    }

    @Override
    public void announce(String worker, Set<String> kinds, Duration validFor) {
      super.announce(worker, kinds, validFor.multipliedBy(1_000));
    }
  }

  /** Until its own server does something, it has every job as it saw it first. */
  static final class RemembersJobs extends ForwardingJobStore {
    private final Map<JobId, ExportJob> seen = new ConcurrentHashMap<>();

    RemembersJobs(JobStore real) {
      super(real);
    }

    @Override
    protected <T> T around(StoreCall call, Supplier<T> work) {
      if (call != StoreCall.FIND) {
        seen.clear();
      }
      return work.get();
    }

    @Override
    public Optional<ExportJob> find(JobId id) {
      Optional<ExportJob> known = Optional.ofNullable(seen.get(id)).or(() -> super.find(id));
      known.ifPresent(job -> seen.put(id, job));
      return known;
    }
  }
}
