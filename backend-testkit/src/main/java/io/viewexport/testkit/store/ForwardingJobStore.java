// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.Experimental;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.QueueStats;
import io.viewexport.core.store.SnapshotStore;
import io.viewexport.core.store.StoredJob;
import io.viewexport.core.store.UnservedJobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A store that hands every call on to another one: what a test's store that differs in one method
 * builds on. {@link #close} closes the other one. As safe for use by many threads as that is.
 */
@Experimental
public class ForwardingJobStore implements JobStore {
  private final JobStore store;

  /**
   * Hands every call on to this store.
   *
   * @param store what does the work
   */
  public ForwardingJobStore(JobStore store) {
    this.store = store;
  }

  /**
   * Makes a call; to be overridden by what happens around each.
   *
   * @param <T> what the call answers
   * @param call which method
   * @param work the other store's part
   * @return what the work answered
   */
  protected <T> T around(StoreCall call, Supplier<T> work) {
    return work.get();
  }

  @Override
  public JobId create(NewJob job) {
    return around(StoreCall.CREATE, () -> store.create(job));
  }

  @Override
  public Optional<JobId> findUnfinished(Optional<String> principal, String idempotencyKey) {
    return around(StoreCall.FIND_UNFINISHED, () -> store.findUnfinished(principal, idempotencyKey));
  }

  @Override
  public Optional<ExportJob> find(JobId id) {
    return around(StoreCall.FIND, () -> store.find(id));
  }

  @Override
  public List<ExportJob> list(JobFilter filter) {
    return around(StoreCall.LIST, () -> store.list(filter));
  }

  @Override
  public Optional<StoredJob> load(JobId id) {
    return around(StoreCall.LOAD, () -> store.load(id));
  }

  @Override
  public int admit(OptionalInt jobsPerPrincipal) {
    return around(StoreCall.ADMIT, () -> store.admit(jobsPerPrincipal));
  }

  @Override
  public List<ClaimedTask> claim(ClaimRequest request) {
    return around(StoreCall.CLAIM, () -> store.claim(request));
  }

  @Override
  public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
    return around(StoreCall.RENEW, () -> store.renew(leases, lease));
  }

  @Override
  public boolean saveCheckpoint(Lease lease, String checkpoint) {
    return around(StoreCall.SAVE_CHECKPOINT, () -> store.saveCheckpoint(lease, checkpoint));
  }

  @Override
  public boolean settle(Lease lease, Decision decision) {
    return around(StoreCall.SETTLE, () -> store.settle(lease, decision));
  }

  @Override
  public boolean update(JobId id, Decision decision) {
    return around(StoreCall.UPDATE, () -> store.update(id, decision));
  }

  @Override
  public List<AcceptedReceipt> receipts(JobId id, int view) {
    return around(StoreCall.RECEIPTS, () -> store.receipts(id, view));
  }

  @Override
  public List<CancelContext.EndedView> endedViews(JobId id) {
    return around(StoreCall.ENDED_VIEWS, () -> store.endedViews(id));
  }

  @Override
  public int purge(Duration retention, int limit) {
    return around(StoreCall.PURGE, () -> store.purge(retention, limit));
  }

  @Override
  public boolean takeDuty(String duty, String worker, Duration lease) {
    return around(StoreCall.TAKE_DUTY, () -> store.takeDuty(duty, worker, lease));
  }

  @Override
  public void announce(String worker, Set<String> kinds, Duration validFor) {
    around(
        StoreCall.ANNOUNCE,
        () -> {
          store.announce(worker, kinds, validFor);
          return kinds;
        });
  }

  @Override
  public UnservedJobs unserved() {
    return around(StoreCall.UNSERVED, store::unserved);
  }

  @Override
  public QueueStats stats() {
    return around(StoreCall.STATS, store::stats);
  }

  @Override
  public SnapshotStore snapshots() {
    return new ForwardingSnapshots(this, store.snapshots());
  }

  @Override
  public void close() {
    store.close();
  }
}
