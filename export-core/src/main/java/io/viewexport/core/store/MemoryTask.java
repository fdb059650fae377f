// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task in memory; guarded by its store's lock. */
final class MemoryTask {
  final TaskId id;
  final String kind;

  /** Its number among the job's tasks of its type: the fair order between jobs. */
  final int ordinal;

  final @Nullable ViewSlice slice;
  final @Nullable String exclusionKey;

  TaskState state = TaskState.WAITING;
  Instant dueAt = Instant.EPOCH;
  Instant leaseUntil = Instant.EPOCH;
  String worker = "";
  int token;
  int failures;
  int lostLeases;
  int passes;
  boolean inDoubt;
  long rowCount;
  long byteCount;
  MergeOutcome outcome = MergeOutcome.PENDING;
  @Nullable FailureCause first;
  @Nullable FailureCause last;
  @Nullable String checkpoint;
  @Nullable ChunkReceipt receipt;
  @Nullable ChunkOrigin origin;
  @Nullable String location;
  @Nullable MergeCounts counts;

  MemoryTask(
      TaskId id,
      String kind,
      int ordinal,
      @Nullable ViewSlice slice,
      @Nullable String exclusionKey) {
    this.id = id;
    this.kind = kind;
    this.ordinal = ordinal;
    this.slice = slice;
    this.exclusionKey = exclusionKey;
  }

  boolean isHeldBy(Lease lease) {
    return state == TaskState.LEASED && token == lease.token() && worker.equals(lease.worker());
  }

  /** Whether a worker has it by a lease that lasts. */
  boolean isHeldAt(Instant now) {
    return state == TaskState.LEASED && leaseUntil.isAfter(now);
  }

  /** Whether this lease had it and ended, and nobody has had it since. */
  boolean wasEndedBy(Lease lease) {
    return state != TaskState.LEASED && token == lease.token() && worker.equals(lease.worker());
  }

  /** Ends it, as nobody is there to do it: a merge that may have begun stays unknown. */
  void drop() {
    if (state == TaskState.LEASED) {
      inDoubt |= id.type() == TaskType.FINALIZE;
      token++;
      rowCount = 0;
      byteCount = 0;
    }
    state = inDoubt ? TaskState.FAILED : TaskState.SKIPPED;
    if (id.type() == TaskType.FINALIZE) {
      outcome = inDoubt ? MergeOutcome.UNKNOWN : MergeOutcome.NOT_MERGED;
    }
  }

  /**
   * Whether it is a merge that was begun and is not at its end: it keeps others from its target.
   */
  boolean holdsItsKey() {
    return id.type() == TaskType.FINALIZE && token > 0 && !state.isFinal();
  }

  TaskSnapshot snapshot() {
    return new TaskSnapshot(id.type(), failures, inDoubt, passes);
  }

  /** Gives it to a worker; what the last attempt reported of its progress is void. */
  void lease(String to, Instant until) {
    state = TaskState.LEASED;
    worker = to;
    leaseUntil = until;
    token++;
    rowCount = 0;
    byteCount = 0;
  }

  /** Counts the lease that ran out. */
  void loseLease() {
    lostLeases++;
    inDoubt |= id.type() == TaskType.FINALIZE;
  }

  void apply(TaskChange change, Instant now) {
    state = change.state();
    dueAt = now.plus(change.delay());
    inDoubt = change.inDoubt();
    passes = change.passes();
    rowCount = 0;
    byteCount = 0;
    change.failure().ifPresent(this::fail);
    change.receipt().ifPresent(this::accept);
    origin = change.origin().orElse(origin);
    checkpoint = change.checkpoint().orElse(checkpoint);
    outcome = change.outcome().orElse(outcome);
    location = change.location().orElse(location);
    counts = change.counts().orElse(counts);
  }

  private void fail(FailureCause cause) {
    failures++;
    first = first == null ? cause : first;
    last = cause;
  }

  /** Makes it due again, as if it had not been done. */
  void voidReceipt(Instant now) {
    state = TaskState.READY;
    dueAt = now;
    receipt = null;
    origin = null;
    rowCount = 0;
    byteCount = 0;
  }

  private void accept(ChunkReceipt left) {
    receipt = left;
    rowCount = left.rowCount();
    byteCount = left.byteCount();
  }

  Optional<FailureCause> lastFailure() {
    return Optional.ofNullable(last);
  }
}
