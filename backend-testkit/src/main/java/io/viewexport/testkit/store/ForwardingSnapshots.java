// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.job.JobId;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.SnapshotStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Hands every call about snapshots on, through what its store does around calls. */
record ForwardingSnapshots(ForwardingJobStore way, SnapshotStore store) implements SnapshotStore {

  private <T> T around(Supplier<T> work) {
    return way.around(StoreCall.SNAPSHOTS, work);
  }

  @Override
  public Optional<SnapshotState> find(JobId id) {
    return around(() -> store.find(id));
  }

  @Override
  public Optional<Integer> open(JobId id, HeldSnapshot snapshot, String worker, Duration lease) {
    return around(() -> store.open(id, snapshot, worker, lease));
  }

  @Override
  public Optional<Duration> renew(JobId id, int generation, String worker, Duration lease) {
    return around(() -> store.renew(id, generation, worker, lease));
  }

  @Override
  public void end(JobId id, int generation) {
    around(
        () -> {
          store.end(id, generation);
          return id;
        });
  }

  @Override
  public void fallBack(JobId id, int generation) {
    around(
        () -> {
          store.fallBack(id, generation);
          return id;
        });
  }
}
