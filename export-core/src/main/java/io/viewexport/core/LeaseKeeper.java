// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.StopReason;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Keeps every lease that this server holds alive, apart from the work itself, and stops the work
 * whose lease is lost or may be.
 */
final class LeaseKeeper {
  private final JobStore store;
  private final LeaseTerms terms;
  private final LongSupplier nanoTime;
  private final Executor stopActions;
  private final Set<HeldLease> held = ConcurrentHashMap.newKeySet();
  private long endedRows;
  private long endedBytes;

  LeaseKeeper(JobStore store, LeaseTerms terms, LongSupplier nanoTime, Executor stopActions) {
    this.store = store;
    this.terms = terms;
    this.nanoTime = nanoTime;
    this.stopActions = stopActions;
  }

  /**
   * Begins to keep a lease.
   *
   * @param askedAt the monotonic time before the store was asked for it: it lasts at least from
   *     then
   */
  HeldLease hold(ClaimedTask claim, long askedAt) {
    HeldLease lease = new HeldLease(claim, terms, nanoTime, stopActions, askedAt);
    held.add(lease);
    return lease;
  }

  /** Ends to keep a lease. */
  synchronized void drop(HeldLease lease) {
    if (held.remove(lease)) {
      LeaseProgress last = lease.progress();
      endedRows += last.rowCount();
      endedBytes += last.byteCount();
    }
  }

  /** What is held, and what all that ever was has done. */
  synchronized ServerActivity activity() {
    long rows = endedRows;
    long bytes = endedBytes;
    for (HeldLease lease : held) {
      LeaseProgress progress = lease.progress();
      rows += progress.rowCount();
      bytes += progress.byteCount();
    }
    return new ServerActivity(held.size(), rows, bytes);
  }

  /** Renews what is held, by one call of the store. */
  void renew() {
    List<HeldLease> due = held.stream().filter(HeldLease::isRenewable).toList();
    if (due.isEmpty()) {
      return;
    }
    List<LeaseProgress> progress = due.stream().map(HeldLease::progress).toList();
    long askedAt = nanoTime.getAsLong();
    Map<Lease, LeaseStatus> found = store.renew(progress, terms.lease());
    for (HeldLease lease : due) {
      lease.renewed(found.getOrDefault(lease.lease(), LeaseStatus.LOST), askedAt);
    }
  }

  /** Compares the clock with what is held. Asks no store. */
  void watch() {
    held.forEach(HeldLease::watch);
  }

  /** Tells all work to stop. */
  void stopAll(StopReason reason) {
    held.forEach(lease -> lease.stop(reason));
  }
}
