// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeCounts;
import java.time.Duration;

/** What became of one attempt at a task. */
public sealed interface TaskEvent {

  /**
   * A {@code PLAN} is done.
   *
   * @param plan the plan
   */
  record Planned(PlannedExport plan) implements TaskEvent {}

  /** A {@code SETUP} is done. */
  record SetUp() implements TaskEvent {}

  /**
   * A {@code CHUNK} is done.
   *
   * @param receipt what it left
   * @param origin which state of the database its rows are of
   */
  record ChunkExported(ChunkReceipt receipt, ChunkOrigin origin) implements TaskEvent {
    /** A chunk of whose origin nothing is known. */
    public ChunkExported(ChunkReceipt receipt) {
      this(receipt, ChunkOrigin.UNKNOWN);
    }
  }

  /**
   * A {@code FINALIZE} is done: the rows are in the target.
   *
   * @param location where they are
   * @param counts what the merge changed
   */
  record Merged(String location, MergeCounts counts) implements TaskEvent {}

  /**
   * A {@code FINALIZE} runs elsewhere and is to be asked for again.
   *
   * @param checkpoint for the next attempt
   * @param after how long to wait
   */
  record MergeContinues(String checkpoint, Duration after) implements TaskEvent {}

  /** A {@code FINALIZE} of a job that is ending: the rows are not in the target and never will. */
  record MergeWithdrawn() implements TaskEvent {}

  /**
   * A {@code CLEANUP} succeeded.
   *
   * @param graceDelay how long until the second pass, where one is needed
   */
  record CleanedUp(Duration graceDelay) implements TaskEvent {}

  /**
   * An attempt failed, and another is to be made.
   *
   * @param cause why it failed
   * @param delay how long to wait
   */
  record RetryLater(FailureCause cause, Duration delay) implements TaskEvent {}

  /**
   * An attempt failed, and no other is to be made.
   *
   * @param cause why it failed
   */
  record GaveUp(FailureCause cause) implements TaskEvent {}

  /**
   * The lease is handed back, as at a shutdown or an interrupt; no attempt counts as failed.
   *
   * @param mergeMayHaveBegun for {@code FINALIZE}: whether the attempt was cut off where its merge
   *     may have begun
   * @param delay how long to wait before the next
   */
  record Released(boolean mergeMayHaveBegun, Duration delay) implements TaskEvent {
    /** Handed back before any effect, for whoever is there at once. */
    public static final Released UNTOUCHED = new Released(false, Duration.ZERO);
  }

  /** The work ended because the job is ending, before it took effect. */
  record Stopped() implements TaskEvent {}
}
