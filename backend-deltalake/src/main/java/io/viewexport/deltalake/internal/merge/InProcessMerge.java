// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.StructType;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.deltalake.internal.storage.Attempt;
import io.viewexport.deltalake.internal.storage.KernelFailures;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges staged rows into a Delta table, on this server. Safe for use by many threads.
 *
 * <p>The merge is one commit, made on top of exactly the version that was read: where another
 * writer was first, all is computed anew.
 */
public final class InProcessMerge {
  private final LakeStorage storage;
  private final MergeSettings settings;

  /** A merge between tables of this storage. */
  public InProcessMerge(LakeStorage storage, MergeSettings settings) {
    this.storage = storage;
    this.settings = settings;
  }

  /**
   * Brings the rows into the target, or finds out that they are there already.
   *
   * <p>Key: the job and the view. Done again after any interruption, the target is as after one
   * clean run.
   *
   * @param staged what the receipts name; asked once it is known that no earlier attempt merged
   * @return done, or withdrawn where that was asked for; never to be called again
   * @throws ExportException {@code PERMANENT} where keys are NULL or repeated, or the target can't
   *     take the rows; {@code RETRYABLE} where other writers were always first; {@code
   *     OUTCOME_UNKNOWN} where it can't be found out what became of the commit, of this attempt or
   *     an earlier one
   */
  public FinalizeStep run(
      FinalizeContext context, MergeSpec spec, Supplier<List<StagedTable>> staged) {
    try {
      return new Run(context, spec).run(staged);
    } catch (RuntimeException e) {
      throw KernelFailures.of(e, doing(context), spec.target());
    }
  }

  /**
   * What to report of a failure that came before it could be looked up what earlier attempts did:
   * the failure itself only where none of them can have begun to commit.
   */
  public static RuntimeException beforeLookUp(FinalizeContext context, RuntimeException failure) {
    // Each attempt saves a checkpoint before its first commit.
    boolean inDoubt =
        context.intent() == FinalizeContext.Intent.WITHDRAW || context.checkpoint().isPresent();
    return inDoubt && failure instanceof ExportException e ? unknown(context, e) : failure;
  }

  private static ExportException unknown(FinalizeContext context, RuntimeException e) {
    ExportException unknown =
        ExportException.outcomeUnknown(
            "commit-outcome-unknown",
            "The log of the target can't be read, so it is not known whether view "
                + context.view().index()
                + " of job "
                + context.jobId().value()
                + " was merged.",
            e);
    return e instanceof ExportException failure
        ? failure.retryAfter().map(unknown::withRetryAfter).orElse(unknown)
        : unknown;
  }

  private static String doing(FinalizeContext context) {
    return "View " + context.view().index() + " of job " + context.jobId().value() + " not merged";
  }

  /** One call. */
  private final class Run {
    private final FinalizeContext context;
    private final MergeSpec spec;
    private final LakeStorage own;
    private final int view;
    private final FileNames names;
    private final RowReader reader;
    private MergeCounts counts;

    Run(FinalizeContext context, MergeSpec spec) {
      this.context = context;
      this.spec = spec;
      this.view = context.view().index();
      String work = FileNames.work(context.jobId(), view);
      this.own = storage.usedBy(new Attempt(work, context.attempt(), context.stop()));
      this.names = new FileNames(context.jobId(), view, context.attempt());
      this.reader = new RowReader(own, context);
      this.counts = MergeCheckpoint.counts(context.checkpoint());
    }

    FinalizeStep run(Supplier<List<StagedTable>> staged) {
      boolean withdraws = context.intent() == FinalizeContext.Intent.WITHDRAW;
      EarlierAttempts earlier = endEarlierAttempts(withdraws);
      if (earlier.merged()) {
        return done();
      }
      if (withdraws) {
        return new FinalizeStep.Withdrawn();
      }
      try {
        return merge(earlier.table(), staged);
      } catch (RuntimeException e) {
        return afterFailure(earlier, KernelFailures.of(e, doing(context), spec.target()));
      }
    }

    /** A permanent failure speaks for the earlier attempts as well. */
    private FinalizeStep afterFailure(EarlierAttempts earlier, RuntimeException failure) {
      boolean isPermanent =
          failure instanceof ExportException e && e.kind() == FailureKind.PERMANENT;
      if (!isPermanent || !earlier.open() || !hasBegun()) {
        throw failure;
      }
      if (endEarlierAttempts(true).merged()) {
        return done();
      }
      throw failure;
    }

    /** Each attempt saves a checkpoint before its first commit. */
    private boolean hasBegun() {
      return context.checkpoint().isPresent();
    }

    private FinalizeStep merge(Optional<DeltaTable> found, Supplier<List<StagedTable>> staged) {
      Optional<DeltaTable> table = found;
      List<TableFile> files = StagedFiles.load(own, staged.get());
      for (int conflicts = 0; conflicts < settings.maxConflicts(); conflicts++) {
        context.stop().throwIfStopped();
        if (merge(table, files)) {
          return done();
        }
        table = DeltaTable.find(own, spec.target());
        if (EarlierAttempts.isMerged(table, context.jobId(), view)) {
          return done();
        }
      }
      throw ExportException.retryable(
          "target-busy",
          doing(context) + ": other writers changed " + spec.target() + " again and again.",
          null);
    }

    private EarlierAttempts endEarlierAttempts(boolean forGood) {
      try {
        return forGood && hasBegun()
            ? EarlierAttempts.endForGood(
                own, spec.target(), context.jobId(), view, context.attempt())
            : EarlierAttempts.end(own, spec.target(), context.jobId(), view, context.attempt());
      } catch (RuntimeException e) {
        throw beforeLookUp(context, KernelFailures.of(e, doing(context), spec.target()));
      }
    }

    private FinalizeStep done() {
      return new FinalizeStep.Done(storage.location(spec.target()), counts);
    }

    private boolean isCommitted() {
      try {
        Optional<DeltaTable> table = DeltaTable.find(own, spec.target());
        return EarlierAttempts.isMerged(table, context.jobId(), view);
      } catch (RuntimeException e) {
        throw unknown(context, e);
      }
    }

    /** False where another writer was first. */
    private boolean merge(Optional<DeltaTable> table, List<TableFile> files) {
      StructType existing = table.map(DeltaTable::schema).orElseGet(StructType::new);
      ColumnMatch match = TargetTable.match(spec, existing);
      table.ifPresent(found -> TargetRules.check(found, spec, match));
      List<TableFile> target = table.map(DeltaTable::files).orElseGet(List::of);
      MergePlanner.Input input = new MergePlanner.Input(files, table, target);
      MergeDecision decision =
          new MergePlanner(reader, spec, match, input, settings.memoryBytes()).plan();
      MergeChecks.checkKeys(spec, decision);
      MergeChecks.checkRequired(reader, match, files);
      boolean addsColumns = table.isEmpty() || (match.addsColumns() && !files.isEmpty());
      if (decision.changesNothing() && !addsColumns) {
        counts = decision.counts();
        return true;
      }
      return apply(match, input, decision);
    }

    private boolean apply(ColumnMatch match, MergePlanner.Input input, MergeDecision decision) {
      boolean existed = own.exists(spec.target());
      MergeFiles files = new MergeFiles(own, context, spec.target(), names);
      Optional<DeltaTable> base;
      try {
        write(match, input, decision, files);
        context.saveCheckpoint(MergeCheckpoint.of(decision.counts()));
        base = prepare(match, input.table());
        context.stop().throwIfStopped();
      } catch (RuntimeException e) {
        discard(files, existed, e);
        throw e;
      }
      if (base.isEmpty()) {
        discard(files, existed, null);
        return false;
      }
      return decision.changesNothing() || commit(base.get(), files, decision.counts());
    }

    private void write(
        ColumnMatch match, MergePlanner.Input input, MergeDecision decision, MergeFiles files) {
      context.stop().throwIfStopped();
      if (!decision.changesNothing()) {
        own.createDirectories(spec.target());
        new MergeWriter(reader, match, input, files, settings.targetFileBytes()).write(decision);
      }
    }

    /** The version to commit on: the target, made or with its new columns. */
    private Optional<DeltaTable> prepare(ColumnMatch match, Optional<DeltaTable> table) {
      context.stop().throwIfStopped();
      if (table.isEmpty()) {
        own.createDirectories(spec.target());
        return DeltaTable.create(own, spec.target(), match.targetColumns())
            ? DeltaTable.find(own, spec.target()).filter(made -> made.version() == 0)
            : Optional.empty();
      }
      return match.addsColumns() ? table.get().withSchema(match.targetColumns()) : table;
    }

    private boolean commit(DeltaTable base, MergeFiles files, MergeCounts changed) {
      boolean committed;
      try {
        committed =
            base.commit(
                EarlierAttempts.transaction(context.jobId(), view), files.added(), files.removed());
      } catch (RuntimeException e) {
        if (!isCommitted()) {
          if (!KernelFailures.mayStillLand(e)) {
            discard(files, true, e);
          }
          throw e;
        }
        committed = true;
      }
      if (committed || isCommitted()) {
        counts = changed;
        return true;
      }
      discard(files, true, null);
      return false;
    }

    /** Deletes files that no log will ever name. What can't be deleted is left to the clean-up. */
    private void discard(MergeFiles files, boolean existed, @Nullable RuntimeException e) {
      try {
        files.begun().forEach(own::deleteFile);
        if (!existed) {
          own.deleteIfEmpty(spec.target() + "/_delta_log");
          own.deleteIfEmpty(spec.target());
        }
      } catch (ExportException | ExportStoppedException later) {
        if (e != null) {
          e.addSuppressed(later);
        }
      }
    }
  }
}
