// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

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

/** A store that hands every call on; before each, a hook that may throw. */
class OtherStore implements JobStore {
  private final JobStore store;

  OtherStore(JobStore store) {
    this.store = store;
  }

  void before(String call) {}

  @Override
  public JobId create(NewJob job) {
    before("create");
    return store.create(job);
  }

  @Override
  public Optional<JobId> findUnfinished(Optional<String> principal, String idempotencyKey) {
    before("findUnfinished");
    return store.findUnfinished(principal, idempotencyKey);
  }

  @Override
  public Optional<ExportJob> find(JobId id) {
    before("find");
    return store.find(id);
  }

  @Override
  public List<ExportJob> list(JobFilter filter) {
    before("list");
    return store.list(filter);
  }

  @Override
  public Optional<StoredJob> load(JobId id) {
    before("load");
    return store.load(id);
  }

  @Override
  public List<ClaimedTask> claim(ClaimRequest request) {
    before("claim");
    return store.claim(request);
  }

  @Override
  public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
    before("renew");
    return store.renew(leases, lease);
  }

  @Override
  public boolean saveCheckpoint(Lease lease, String checkpoint) {
    before("saveCheckpoint");
    return store.saveCheckpoint(lease, checkpoint);
  }

  @Override
  public boolean settle(Lease lease, Decision decision) {
    before("settle");
    return store.settle(lease, decision);
  }

  @Override
  public boolean update(JobId id, Decision decision) {
    before("update");
    return store.update(id, decision);
  }

  @Override
  public List<AcceptedReceipt> receipts(JobId id, int view) {
    before("receipts");
    return store.receipts(id, view);
  }

  @Override
  public List<CancelContext.EndedView> endedViews(JobId id) {
    before("endedViews");
    return store.endedViews(id);
  }

  @Override
  public int admit(OptionalInt jobsPerPrincipal) {
    before("admit");
    return store.admit(jobsPerPrincipal);
  }

  @Override
  public int purge(Duration retention, int limit) {
    before("purge");
    return store.purge(retention, limit);
  }

  @Override
  public boolean takeDuty(String duty, String worker, Duration lease) {
    before("takeDuty");
    return store.takeDuty(duty, worker, lease);
  }

  @Override
  public void announce(String worker, Set<String> kinds, Duration validFor) {
    before("announce");
    store.announce(worker, kinds, validFor);
  }

  @Override
  public UnservedJobs unserved() {
    before("unserved");
    return store.unserved();
  }

  @Override
  public QueueStats stats() {
    before("stats");
    return store.stats();
  }

  @Override
  public SnapshotStore snapshots() {
    return store.snapshots();
  }

  @Override
  public void close() {}
}
