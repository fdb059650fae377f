// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.WarehouseTarget;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges staged rows into a table, in a SQL warehouse, step by step: each call submits a statement
 * or asks for one, and says by its checkpoint what the next call, on whatever server, has to do.
 * Safe for use by many threads.
 *
 * <p>At most one merge of a view can take effect at a time. Before one is submitted, the checkpoint
 * says so; a successor that finds no more than that searches the warehouse's history, and submits
 * another one only once the first can't begin any more, which its own text forbids it after a
 * while.
 */
public final class WarehouseMerge {
  private final SqlWarehouse warehouse;
  private final WarehouseSettings settings;
  private final Clock clock;

  /**
   * A merge in this warehouse.
   *
   * @param clock this server's: tells the history how far to look back, with an hour to spare
   */
  public WarehouseMerge(SqlWarehouse warehouse, WarehouseSettings settings, Clock clock) {
    this.warehouse = Objects.requireNonNull(warehouse, "warehouse");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * Takes the next step towards having the rows in the target.
   *
   * <p>Key: the job and the view.
   *
   * @param spec what is merged, and how; its target is for messages
   * @param target describes the target as it is now; asked where it matters
   * @param staged what the receipts name; asked where it matters
   * @return done, what to wait for, or withdrawn where that was asked for
   * @throws ExportException {@code PERMANENT} where the rows can't be merged; {@code RETRYABLE}
   *     where no merge runs and another attempt may help; {@code OUTCOME_UNKNOWN} where it can't be
   *     found out what became of a merge
   */
  public FinalizeStep run(
      FinalizeContext context,
      MergeSpec spec,
      Supplier<WarehouseTarget> target,
      Supplier<List<StagedChunk>> staged) {
    MergeProgress progress = progress(context);
    try {
      MergeCall.Tools tools = new MergeCall.Tools(warehouse, settings, clock);
      MergeCall.Work work = new MergeCall.Work(spec, target, staged);
      return new MergeRun(new MergeCall(tools, context, work, progress)).next();
    } catch (ExportException | ExportStoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw mayBeMerged(progress)
          ? unknown(context, e)
          : ExportException.retryable(
              "merge-failed",
              doing(context) + ": it failed by " + e.getClass().getSimpleName() + ".",
              e);
    }
  }

  private static boolean mayBeMerged(MergeProgress progress) {
    return switch (progress.phase) {
      case START, CHECKING, ALTERING, READY -> false;
      case SUBMITTING, MERGING -> true;
    };
  }

  private MergeProgress progress(FinalizeContext context) {
    if (context.checkpoint().isEmpty()) {
      return new MergeProgress(settings.startWithin());
    }
    return MergeProgress.parse(context.checkpoint().get())
        .orElseThrow(() -> unknown(context, null));
  }

  static ExportException unknown(FinalizeContext context, @Nullable RuntimeException cause) {
    ExportException unknown =
        ExportException.outcomeUnknown(
            "merge-outcome-unknown",
            doing(context)
                + ", as far as is known: what became of a merge that was begun can't be looked up"
                + " now. The warehouse's query history has it under "
                + StatementTag.KEY
                + ":"
                + context.jobId()
                + ".",
            cause);
    return cause instanceof ExportException failure
        ? failure.retryAfter().map(unknown::withRetryAfter).orElse(unknown)
        : unknown;
  }

  static String doing(FinalizeContext context) {
    return "View " + context.view().index() + " of job " + context.jobId() + " not merged";
  }
}
