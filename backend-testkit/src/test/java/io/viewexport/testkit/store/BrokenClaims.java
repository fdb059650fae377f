// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.core.state.Decision;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stores that claim wrongly. */
final class BrokenClaims {
  private BrokenClaims() {}

  private static ClaimRequest with(ClaimRequest old, Set<String> kinds, int limit, Duration lease) {
    return new ClaimRequest(old.worker(), kinds, limit, lease, old.clusterLimit());
  }

  /** Tells every claimed task changed. */
  private abstract static class Telling extends ForwardingJobStore {
    Telling(JobStore real) {
      super(real);
    }

    abstract ClaimedTask told(ClaimedTask task);

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      return super.claim(request).stream().map(this::told).toList();
    }

    static ClaimedTask with(
        ClaimedTask old, int failures, boolean inDoubt, Optional<String> checkpoint) {
      return new ClaimedTask(
          old.lease(),
          old.kind(),
          failures,
          old.lostLeases(),
          inDoubt,
          old.stop(),
          checkpoint,
          old.slice(),
          old.snapshotGeneration(),
          old.startsJob());
    }
  }

  /** For each kind up to the limit and one. */
  static final class ClaimsOneTooMany extends ForwardingJobStore {
    ClaimsOneTooMany(JobStore real) {
      super(real);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      boolean several = request.limit() > 1 && request.clusterLimit().isEmpty();
      int limit = several ? request.limit() + 1 : request.limit();
      return super.claim(with(request, request.kinds(), limit, request.lease()));
    }
  }

  static final class IgnoresKinds extends ForwardingJobStore {
    IgnoresKinds(JobStore real) {
      super(real);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      Set<String> kinds = new HashSet<>(request.kinds());
      kinds.addAll(Set.of("red", "blue"));
      return super.claim(with(request, kinds, request.limit(), request.lease()));
    }
  }

  static final class SaysAlwaysFirst extends Telling {
    SaysAlwaysFirst(JobStore real) {
      super(real);
    }

    @Override
    ClaimedTask told(ClaimedTask task) {
      return task.asFirst();
    }
  }

  /** Where nothing is due, workers of a race get what another has. */
  static final class GivesWhatIsHeld extends ForwardingJobStore {
    private final Map<Lease, ClaimedTask> held = new ConcurrentHashMap<>();

    GivesWhatIsHeld(JobStore real) {
      super(real);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      List<ClaimedTask> claimed = new ArrayList<>(super.claim(request));
      if (claimed.isEmpty() && request.worker().length() > 1) {
        held.values().stream().findAny().ifPresent(claimed::add);
      }
      claimed.forEach(task -> held.put(task.lease(), task));
      return claimed;
    }

    @Override
    public boolean settle(Lease lease, Decision decision) {
      held.remove(lease);
      return super.settle(lease, decision);
    }
  }

  static final class LeasesTooShort extends ForwardingJobStore {
    LeasesTooShort(JobStore real) {
      super(real);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      Duration lease = request.lease().multipliedBy(4).dividedBy(5);
      return super.claim(with(request, request.kinds(), request.limit(), lease));
    }
  }

  static final class LosesCheckpoints extends Telling {
    LosesCheckpoints(JobStore real) {
      super(real);
    }

    @Override
    ClaimedTask told(ClaimedTask task) {
      return task.lostLeases() > 0
          ? with(task, task.failures(), task.inDoubt(), Optional.empty())
          : task;
    }
  }

  static final class CountsTheLostAsFailed extends Telling {
    CountsTheLostAsFailed(JobStore real) {
      super(real);
    }

    @Override
    ClaimedTask told(ClaimedTask task) {
      return with(task, task.failures() + task.lostLeases(), task.inDoubt(), task.checkpoint());
    }
  }

  static final class TrustsSilentMerges extends Telling {
    TrustsSilentMerges(JobStore real) {
      super(real);
    }

    @Override
    ClaimedTask told(ClaimedTask task) {
      return with(
          task, task.failures(), task.inDoubt() && task.lostLeases() == 0, task.checkpoint());
    }
  }

  /** The real one takes turns: a claim of nothing uses a turn up. */
  private abstract static class OneOrder extends ForwardingJobStore {
    OneOrder(JobStore real) {
      super(real);
    }

    final void passATurn() {
      super.claim(new ClaimRequest("nobody", Set.of(), 1, Duration.ZERO));
    }
  }

  static final class TakesTheOldestAlways extends OneOrder {
    TakesTheOldestAlways(JobStore real) {
      super(real);
    }

    @Override
    public synchronized List<ClaimedTask> claim(ClaimRequest request) {
      List<ClaimedTask> claimed = super.claim(request);
      passATurn();
      return claimed;
    }
  }

  static final class TakesTheSmallestAlways extends OneOrder {
    TakesTheSmallestAlways(JobStore real) {
      super(real);
    }

    @Override
    public synchronized List<ClaimedTask> claim(ClaimRequest request) {
      passATurn();
      return super.claim(request);
    }
  }

  static final class IgnoresTheClustersLimit extends ForwardingJobStore {
    IgnoresTheClustersLimit(JobStore real) {
      super(real);
    }

    @Override
    public List<ClaimedTask> claim(ClaimRequest request) {
      return super.claim(
          new ClaimRequest(
              request.worker(),
              request.kinds(),
              request.limit(),
              request.lease(),
              OptionalInt.empty()));
    }
  }
}
