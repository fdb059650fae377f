// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.CancelContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out, after a job's end, what became of a merge of unknown outcome: by the warehouse's
 * history, and by waiting until nothing that was submitted can begin any more. Safe for use by many
 * threads.
 *
 * <p>The waits are counted in the clean-up's checkpoint: at least as long has passed, whatever
 * server's clock is asked.
 */
public final class OutcomeSearch {
  /** How far back the history is searched. */
  private static final Duration LOOK_BACK = Duration.ofDays(7);

  private static final Duration WAIT = Duration.ofMinutes(2);
  private static final Pattern FORM = Pattern.compile("waited1:(\\d{1,15})");

  private final SqlWarehouse warehouse;
  private final WarehouseSettings settings;
  private final Clock clock;

  /**
   * A search in this warehouse.
   *
   * @param clock this server's: tells the history how far to look back
   */
  public OutcomeSearch(SqlWarehouse warehouse, WarehouseSettings settings, Clock clock) {
    this.warehouse = Objects.requireNonNull(warehouse, "warehouse");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Returns once nothing can change any more what became of the view's merge.
   *
   * @param view the number of the view
   * @throws ExportException {@code OUTCOME_UNKNOWN}, with the time to wait, until then
   */
  public void run(CancelContext context, int view) {
    Instant since = clock.instant().minus(LOOK_BACK);
    List<PastStatement> merges =
        warehouse.history(
            since, tag -> MergeSubmission.isMergeOf(tag, context.jobId(), view), context.stop());
    if (merges.stream().anyMatch(merge -> merge.state().isApplied())) {
      return;
    }
    boolean isOver = merges.stream().allMatch(merge -> merge.state().isFinal());
    long waited = waited(context.checkpoint());
    if (isOver && waited >= longest(merges.size()).toMillis()) {
      return;
    }
    context.saveCheckpoint("waited1:" + (waited + WAIT.toMillis()));
    throw ExportException.outcomeUnknown(
            "outcome-still-unknown",
            "It can't be found out yet whether view "
                + view
                + " of job "
                + context.jobId()
                + " was merged; its staging is kept, to be cleaned up later.",
            null)
        .withRetryAfter(WAIT);
  }

  /**
   * As long as a merge may be given to begin, and then may be missing from the history. Each one
   * that began too late gave the next one more time.
   */
  private Duration longest(int failed) {
    Duration window = settings.startWithin().multipliedBy(MergeRun.MORE_TIME);
    for (int i = 1; i < failed && window.compareTo(settings.statementTimeout()) < 0; i++) {
      window = window.multipliedBy(MergeRun.MORE_TIME);
    }
    return window.plus(settings.historyDelay());
  }

  private static long waited(Optional<String> checkpoint) {
    Matcher matcher = FORM.matcher(checkpoint.orElse(""));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
