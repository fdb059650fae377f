// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Phase;
import io.viewexport.deltalake.internal.warehouse.StatementAnswer.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks for a merge that was submitted, or may have been, and for what it says of itself. */
final class MergeSearch {
  /** How far the clocks of two servers may be apart. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private final MergeCall call;
  private final MergeProgress progress;

  MergeSearch(MergeCall call) {
    this.call = call;
    this.progress = call.progress();
  }

  /**
   * How far it is; empty where the answer to the submit was lost and the history does not have it.
   */
  Optional<StatementAnswer> find() {
    if (progress.phase == Phase.SUBMITTING) {
      Optional<PastStatement> past = findPast();
      if (past.isEmpty()) {
        return Optional.empty();
      }
      progress.enter(Phase.MERGING, past.get().id());
    }
    return Optional.of(
        call.warehouse()
            .find(progress.statement, call.stop())
            .or(this::findForgotten)
            .orElseThrow(() -> WarehouseMerge.unknown(call.context(), null)));
  }

  /** Looks for the merges of all attempts in the history. */
  private Optional<PastStatement> findPast() {
    Instant since = Instant.ofEpochMilli(progress.preparedMs).minus(CLOCK_SKEW);
    List<PastStatement> past = call.warehouse().history(since, this::isOurs, call.stop());
    // Earlier ones that had no effect are known to have had none.
    Stream<PastStatement> relevant =
        past.stream()
            .filter(one -> !isWithoutEffect(one) || one.tag().number() == progress.submitted);
    return relevant.min(
        Comparator.comparing((PastStatement one) -> !one.state().isApplied())
            .thenComparing(MergeSearch::isWithoutEffect)
            .thenComparing(one -> -one.tag().number()));
  }

  private boolean isOurs(StatementTag tag) {
    return MergeSubmission.isMergeOf(tag, call.context().jobId(), call.context().view().index());
  }

  private static boolean isWithoutEffect(PastStatement past) {
    return past.state().isFinal() && !past.state().isApplied();
  }

  private Optional<StatementAnswer> findForgotten() {
    return call.warehouse()
        .findInHistory(progress.statement, call.stop())
        .map(
            state ->
                new StatementAnswer(progress.statement, state, new StatementFailure("", "", "")));
  }

  /** The rows are there, so nothing that goes wrong here may fail the merge. */
  MergeCounts counts(StatementAnswer merged) {
    if (merged.state() != State.SUCCEEDED) {
      return MergeCounts.UNKNOWN;
    }
    try {
      return call.warehouse()
          .rows(merged.id(), call.stop())
          .map(rows -> MergeResult.counts(rows, call.rowCount()))
          .orElse(MergeCounts.UNKNOWN);
    } catch (ExportException e) {
      return MergeCounts.UNKNOWN;
    }
  }
}
