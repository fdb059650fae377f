// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import java.time.Duration;
import java.util.Optional;

/**
 * What is written to the task that an event is about; its lease ends with it.
 *
 * @param state its new state
 * @param delay for {@code READY}: how long until it is due
 * @param failure a failed attempt: counted, and kept as the last cause (as the first, too, where
 *     there is none)
 * @param receipt for a chunk that is done
 * @param origin for a chunk that is done: which state of the database its rows are of
 * @param checkpoint replaces the stored one
 * @param outcome for {@code FINALIZE}: what is now known of the merge
 * @param location for a merge that is done: where the rows are
 * @param counts for a merge that is done: what it changed
 * @param inDoubt for {@code FINALIZE}: see {@link TaskSnapshot#inDoubt}
 * @param passes for {@code CLEANUP}: how often it has succeeded
 */
public record TaskChange(
    TaskState state,
    Duration delay,
    Optional<FailureCause> failure,
    Optional<ChunkReceipt> receipt,
    Optional<ChunkOrigin> origin,
    Optional<String> checkpoint,
    Optional<MergeOutcome> outcome,
    Optional<String> location,
    Optional<MergeCounts> counts,
    boolean inDoubt,
    int passes) {

  /** Moves the task to a state and changes nothing else. */
  static TaskChange of(TaskSnapshot task, TaskState state) {
    return new TaskChange(
        state,
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        task.inDoubt(),
        task.passes());
  }

  /** Makes the task due again. */
  static TaskChange again(TaskSnapshot task, Duration delay) {
    TaskChange ready = of(task, TaskState.READY);
    return new TaskChange(
        ready.state,
        delay,
        ready.failure,
        ready.receipt,
        ready.origin,
        ready.checkpoint,
        ready.outcome,
        ready.location,
        ready.counts,
        ready.inDoubt,
        ready.passes);
  }

  TaskChange withFailure(FailureCause cause) {
    return new TaskChange(
        state,
        delay,
        Optional.of(cause),
        receipt,
        origin,
        checkpoint,
        outcome,
        location,
        counts,
        inDoubt,
        passes);
  }

  TaskChange withReceipt(ChunkReceipt left, ChunkOrigin of) {
    return new TaskChange(
        state,
        delay,
        failure,
        Optional.of(left),
        Optional.of(of),
        checkpoint,
        outcome,
        location,
        counts,
        inDoubt,
        passes);
  }

  TaskChange withCheckpoint(String text) {
    return new TaskChange(
        state,
        delay,
        failure,
        receipt,
        origin,
        Optional.of(text),
        outcome,
        location,
        counts,
        inDoubt,
        passes);
  }

  TaskChange withOutcome(MergeOutcome known) {
    return new TaskChange(
        state,
        delay,
        failure,
        receipt,
        origin,
        checkpoint,
        Optional.of(known),
        location,
        counts,
        inDoubt,
        passes);
  }

  TaskChange withMerge(String where, MergeCounts changed) {
    return new TaskChange(
        state,
        delay,
        failure,
        receipt,
        origin,
        checkpoint,
        Optional.of(MergeOutcome.MERGED),
        Optional.of(where),
        Optional.of(changed),
        false,
        passes);
  }

  TaskChange withDoubt(boolean doubt) {
    return new TaskChange(
        state,
        delay,
        failure,
        receipt,
        origin,
        checkpoint,
        outcome,
        location,
        counts,
        doubt,
        passes);
  }

  TaskChange withPasses(int succeeded) {
    return new TaskChange(
        state,
        delay,
        failure,
        receipt,
        origin,
        checkpoint,
        outcome,
        location,
        counts,
        inDoubt,
        succeeded);
  }
}
