// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.view.RowCursor;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lease as its worker holds it: how long it surely lasts by a monotonic clock of this server, how
 * far the work is, and the signal that ends the work.
 *
 * <p>The signal compares the clock itself whenever it is asked, so that a process that was frozen
 * finds itself fenced before any of its other threads has run.
 */
final class HeldLease implements StopSignal {
  private final Lease lease;
  private final boolean heedsEnding;
  private final LeaseTerms terms;
  private final LongSupplier nanoTime;
  private final StopSource source;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong signs = new AtomicLong();
  private volatile @Nullable RowCursor rows;
  private final long startedAt;
  private volatile long safeUntil;
  private long lastSum;
  private long lastMove;

  HeldLease(
      ClaimedTask claim,
      LeaseTerms terms,
      LongSupplier nanoTime,
      Executor stopActions,
      long askedAt) {
    lease = claim.lease();
    heedsEnding = claim.stop() == StopCause.NONE && lease.task().type() != TaskType.CLEANUP;
    this.terms = terms;
    this.nanoTime = nanoTime;
    source = new StopSource(stopActions, lease);
    safeUntil = askedAt + terms.safeTime().toNanos();
    startedAt = nanoTime.getAsLong();
    lastMove = startedAt;
  }

  Lease lease() {
    return lease;
  }

  @Override
  public Optional<StopReason> reason() {
    if (isFenced()) {
      source.give(StopReason.LEASE_LOST);
    }
    return source.reason();
  }

  @Override
  public Registration onStop(Runnable action) {
    return source.onStop(action);
  }

  void stop(StopReason reason) {
    source.give(reason);
  }

  /** Whether the lease may have ended. */
  boolean isFenced() {
    return nanoTime.getAsLong() - safeUntil >= 0;
  }

  /** Counts the rows that this cursor gives as progress. */
  void follow(RowCursor cursor) {
    rows = cursor;
  }

  /** Notes a sign of progress. */
  void moved(long bytesWritten) {
    bytes.addAndGet(Math.max(0, bytesWritten));
    signs.incrementAndGet();
  }

  LeaseProgress progress() {
    return new LeaseProgress(lease, rowCount(), bytes.get());
  }

  /** How long it has been held. */
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - startedAt);
  }

  /** Whether it is worth to be renewed: not once it was lost, or its work stands still. */
  boolean isRenewable() {
    return reason()
        .filter(why -> why == StopReason.LEASE_LOST || why == StopReason.STALLED)
        .isEmpty();
  }

  /**
   * Takes in what a renewal found.
   *
   * @param askedAt the time before the store was asked
   */
  void renewed(LeaseStatus status, long askedAt) {
    switch (status) {
      case HELD -> safeUntil = askedAt + terms.safeTime().toNanos();
      case JOB_ENDING -> {
        safeUntil = askedAt + terms.safeTime().toNanos();
        if (heedsEnding) {
          stop(StopReason.JOB_ENDING);
        }
      }
      case LOST -> stop(StopReason.LEASE_LOST);
    }
  }

  /** Gives the signal where the lease may have ended or the work stands still. One thread calls. */
  void watch() {
    long now = nanoTime.getAsLong();
    long sum = rowCount() + signs.get();
    if (sum != lastSum) {
      lastSum = sum;
      lastMove = now;
    }
    if (isFenced()) {
      stop(StopReason.LEASE_LOST);
    } else if (now - lastMove >= terms.stallTimeout().toNanos()) {
      stop(StopReason.STALLED);
    }
  }

  private long rowCount() {
    RowCursor cursor = rows;
    return cursor == null ? 0 : cursor.rowCount();
  }
}
