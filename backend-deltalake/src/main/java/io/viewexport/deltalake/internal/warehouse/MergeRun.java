// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.deltalake.internal.merge.CheckStatement;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.MergeStatement;
import io.viewexport.deltalake.internal.merge.SqlStatement;
import io.viewexport.deltalake.internal.merge.TargetDdl;
import io.viewexport.deltalake.internal.merge.WarehouseMatch;
import io.viewexport.deltalake.internal.merge.WarehouseTarget;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Limit;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Phase;
import io.viewexport.deltalake.internal.warehouse.StatementAnswer.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of {@link WarehouseMerge#run}. */
final class MergeRun {
  private static final String CHECK = "check";
  private static final String COLUMNS = "columns";
  private static final String MERGE = "merge";

  /** How far the clocks of two servers may be apart. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  /** How often the target's columns are looked at anew, or changed, for one merge. */
  private static final int MAX_LOOKS = 2;

  static final int MORE_TIME = 4;

  /** How often in a row a merge can't be looked up before that fails the attempt. */
  private static final int MAX_FAILURES = 20;

  private static final Duration FAILURE_WAIT = Duration.ofSeconds(30);

  private final Tools tools;
  private final FinalizeContext context;
  private final Work work;
  private final MergeProgress progress;
  private @Nullable WarehouseTarget described;

  /**
   * What runs it.
   *
   * @param warehouse the warehouse
   * @param settings how long it waits for what
   * @param clock this server's
   */
  record Tools(SqlWarehouse warehouse, WarehouseSettings settings, Clock clock) {}

  /**
   * What there is to do.
   *
   * @param spec what is merged, and how
   * @param target describes the target
   * @param staged what the receipts name
   */
  record Work(
      MergeSpec spec, Supplier<WarehouseTarget> target, Supplier<List<StagedChunk>> staged) {
    TableName table() {
      return TableName.parse(spec.target());
    }
  }

  MergeRun(Tools tools, FinalizeContext context, Work work, MergeProgress progress) {
    this.tools = tools;
    this.context = context;
    this.work = work;
    this.progress = progress;
  }

  FinalizeStep next() {
    if (isWithdrawal()) {
      progress.withdraw();
    }
    return switch (progress.phase) {
      case START -> isWithdrawal() ? new FinalizeStep.Withdrawn() : start();
      case CHECKING -> isWithdrawal() ? withdrawn() : awaitChecks();
      case ALTERING -> isWithdrawal() ? withdrawn() : awaitColumns();
      case READY -> isWithdrawal() ? new FinalizeStep.Withdrawn() : prepareMerge();
      case SUBMITTING, MERGING -> findOut();
    };
  }

  private boolean isWithdrawal() {
    return context.intent() == Intent.WITHDRAW;
  }

  private FinalizeStep again() {
    Duration wait = progress.nextWait();
    return new FinalizeStep.Again(progress.text(), wait);
  }

  /** The statement changes no row: it ends by itself where it can't be cancelled. */
  private FinalizeStep withdrawn() {
    try {
      tools.warehouse().cancel(progress.statement, context.stop());
    } catch (ExportException leftToItself) {
      // Nothing hangs on it.
      return new FinalizeStep.Withdrawn();
    }
    return new FinalizeStep.Withdrawn();
  }

  // ---- checks -------------------------------------------------------------------------------

  private FinalizeStep start() {
    if (receiptRows() == 0) {
      return new FinalizeStep.Done(location(), MergeCounts.of(0, 0, 0, 0));
    }
    SqlStatement checks =
        CheckStatement.render(work.spec(), match(), stagedTables(), tools.settings().sampling());
    progress.submitted++;
    progress.enter(Phase.CHECKING, submitHarmless(checks, CHECK));
    return again();
  }

  private long receiptRows() {
    return work.staged().get().stream().mapToLong(StagedChunk::rowCount).sum();
  }

  private String location() {
    return "databricks-uc:" + work.spec().target();
  }

  private WarehouseTarget target() {
    if (described == null) {
      described = work.target().get();
    }
    return described;
  }

  private WarehouseMatch match() {
    WarehouseMatch match = WarehouseMatch.of(work.spec().schema(), target());
    if (!match.problems().isEmpty()) {
      throw ExportException.permanent(
          "target-not-supported",
          "The table "
              + match.target().name()
              + " can't be merged into: "
              + String.join(" ", match.problems()),
          null);
    }
    return match;
  }

  private List<TableName> stagedTables() {
    List<TableName> tables = work.staged().get().stream().map(StagedChunk::table).toList();
    int most = MergeStatement.maxChunks(work.spec());
    if (tables.size() > most) {
      throw ExportException.permanent(
          "too-many-chunks",
          tables.size()
              + " chunks are more than the "
              + most
              + " that one merge of this view can read; use a smaller chunkCount.",
          null);
    }
    return tables;
  }

  /** A statement that may run twice: a lost answer is no more than a lost statement. */
  private String submitHarmless(SqlStatement statement, String step) {
    context.stop().throwIfStopped();
    try {
      return tools.warehouse().submit(statement, tag(step), subject(), context.stop());
    } catch (ExportException e) {
      if (e.kind() == FailureKind.OUTCOME_UNKNOWN) {
        throw ExportException.retryable("warehouse-answer-lost", e.message(), e);
      }
      throw e;
    }
  }

  private StatementTag tag(String step) {
    return new StatementTag(
        context.jobId(), context.view().index(), context.attempt(), step, progress.submitted);
  }

  private WarehouseFailures.Subject subject() {
    return new WarehouseFailures.Subject(
        WarehouseMerge.doing(context), tools.warehouse().id(), work.table());
  }

  private FinalizeStep awaitChecks() {
    Optional<StatementAnswer> found = tools.warehouse().find(progress.statement, context.stop());
    if (found.isEmpty() || found.get().state() == State.CLOSED) {
      return startAgain();
    }
    StatementAnswer answer = found.get();
    if (!answer.state().isFinal()) {
      return keepWaiting(answer);
    }
    if (answer.state() != State.SUCCEEDED) {
      return failHarmless(answer);
    }
    Optional<List<Map<String, @Nullable String>>> rows =
        tools.warehouse().rows(answer.id(), context.stop());
    if (rows.isEmpty() || rows.get().size() != 1) {
      return startAgain();
    }
    long asked = CheckStatement.judge(work.spec(), rows.get().get(0), receiptRows());
    progress.warehouseMs = asked + (progress.isRunning ? progress.waitedMs : 0);
    return prepareMerge();
  }

  private FinalizeStep startAgain() {
    if (++progress.looks > MAX_LOOKS) {
      saveFresh();
      throw WarehouseFailures.notUnderstood(tools.warehouse().id());
    }
    progress.enter(Phase.START, "");
    return again();
  }

  /** What comes after a statement that changes no rows, and failed or was cancelled. */
  private FinalizeStep failHarmless(StatementAnswer answer) {
    ExportException failure = failure(answer);
    if (answer.state() == State.FAILED
        && WarehouseFailures.remedy(answer.failure()) == Remedy.LOOK_AGAIN
        && progress.looks < MAX_LOOKS) {
      return startAgain();
    }
    saveFresh();
    throw failure;
  }

  private ExportException failure(StatementAnswer answer) {
    if (answer.state() == State.FAILED) {
      if (WarehouseFailures.isTableMissing(answer.failure())) {
        // Says by its own failure where it is the target.
        described = work.target().get();
      }
      return WarehouseFailures.ofStatement(answer.failure(), subject());
    }
    return switch (progress.limit) {
      case NONE -> WarehouseFailures.cancelled(subject());
      case PENDING -> WarehouseFailures.notStarted(subject());
      case RUNNING -> WarehouseFailures.timedOut(subject());
    };
  }

  /** Before a failure after which another attempt begins anew, with limits of its own. */
  private void saveFresh() {
    progress.enter(Phase.START, "");
    progress.conflicts = 0;
    progress.looks = 0;
    context.saveCheckpoint(progress.text());
  }

  /** Waits on; beyond a limit, cancels first. What became of it the next calls find out. */
  private FinalizeStep keepWaiting(StatementAnswer answer) {
    if (answer.state() == State.RUNNING) {
      progress.sawRunning();
    }
    Limit limit = reached();
    if (limit != Limit.NONE || isWithdrawal()) {
      tools.warehouse().cancel(answer.id(), context.stop());
      progress.limit = progress.limit == Limit.NONE ? limit : progress.limit;
    }
    return again();
  }

  private Limit reached() {
    WarehouseSettings settings = tools.settings();
    if (progress.isRunning) {
      return progress.waitedMs >= settings.statementTimeout().toMillis()
          ? Limit.RUNNING
          : Limit.NONE;
    }
    return progress.waitedMs >= settings.pendingWithin().toMillis() ? Limit.PENDING : Limit.NONE;
  }

  // ---- columns ------------------------------------------------------------------------------

  private FinalizeStep addColumns(WarehouseMatch match) {
    if (++progress.looks > MAX_LOOKS) {
      throw WarehouseFailures.ofStatement(
          new StatementFailure("DELTA_SCHEMA_CHANGED", "", ""), subject());
    }
    progress.submitted++;
    SqlStatement statement = TargetDdl.addColumns(match.target().name(), match.missing());
    progress.enter(Phase.ALTERING, submitHarmless(statement, COLUMNS));
    return again();
  }

  private FinalizeStep awaitColumns() {
    Optional<StatementAnswer> found = tools.warehouse().find(progress.statement, context.stop());
    if (found.isPresent() && !found.get().state().isFinal()) {
      return keepWaiting(found.get());
    }
    boolean failed = found.isPresent() && !found.get().state().isApplied();
    if (failed && !isDone(found.get())) {
      return failHarmless(found.get());
    }
    return prepareMerge();
  }

  private static boolean isDone(StatementAnswer answer) {
    return switch (WarehouseFailures.remedy(answer.failure())) {
      case DONE, REPEAT -> answer.state() == State.FAILED;
      case NONE, WAIT, MORE_TIME, LOOK_AGAIN -> false;
    };
  }

  // ---- merge --------------------------------------------------------------------------------

  private FinalizeStep prepareMerge() {
    WarehouseMatch match = match();
    if (!match.missing().isEmpty()) {
      return addColumns(match);
    }
    long until = progress.warehouseMs + progress.windowMs;
    SqlStatement merge = MergeStatement.render(work.spec(), match, stagedTables(), until);
    progress.submitted++;
    progress.enter(Phase.SUBMITTING, "");
    progress.preparedMs = tools.clock().millis();
    context.saveCheckpoint(progress.text());
    context.stop().throwIfStopped();
    return submit(merge);
  }

  private FinalizeStep submit(SqlStatement merge) {
    String statement;
    try {
      statement = tools.warehouse().submit(merge, tag(MERGE), subject(), context.stop());
    } catch (ExportException e) {
      if (e.kind() == FailureKind.OUTCOME_UNKNOWN) {
        return again();
      }
      saveFresh(e);
      throw e;
    }
    progress.enter(Phase.MERGING, statement);
    return again();
  }

  /** No merge runs. Where that can't be noted, the next attempt finds it out by a search. */
  private void saveFresh(ExportException failure) {
    try {
      saveFresh();
    } catch (ExportException | ExportStoppedException e) {
      failure.addSuppressed(e);
    }
  }

  /** Finds out what became of a merge that was submitted, or may have been. */
  private FinalizeStep findOut() {
    Optional<StatementAnswer> answer;
    try {
      answer = lookUp();
      progress.failures = 0;
      if (answer.isPresent() && !answer.get().state().isFinal()) {
        return keepWaiting(answer.get());
      }
    } catch (ExportException e) {
      return inDoubt(e);
    }
    return answer.isPresent() ? ended(answer.get()) : notFound();
  }

  private Optional<StatementAnswer> lookUp() {
    if (progress.phase == Phase.SUBMITTING) {
      Optional<PastStatement> past = findPast();
      if (past.isEmpty()) {
        return Optional.empty();
      }
      progress.enter(Phase.MERGING, past.get().id());
    }
    return Optional.of(
        tools
            .warehouse()
            .find(progress.statement, context.stop())
            .or(this::findForgotten)
            .orElseThrow(() -> WarehouseMerge.unknown(context, null)));
  }

  /** The history has no merge: it may be late, and one on its way may still begin. */
  private FinalizeStep notFound() {
    long longest = progress.windowMs + tools.settings().historyDelay().toMillis();
    if (progress.waitedMs < longest) {
      return again();
    }
    return isWithdrawal() ? new FinalizeStep.Withdrawn() : prepareMerge();
  }

  /** Looks for the merges of all attempts in the history. */
  private Optional<PastStatement> findPast() {
    Instant since = Instant.ofEpochMilli(progress.preparedMs).minus(CLOCK_SKEW);
    List<PastStatement> past = tools.warehouse().history(since, this::isOurMerge, context.stop());
    // Earlier ones that had no effect are known to have had none.
    Stream<PastStatement> relevant =
        past.stream()
            .filter(one -> !isWithoutEffect(one) || one.tag().number() == progress.submitted);
    return relevant.min(
        Comparator.comparing((PastStatement one) -> !one.state().isApplied())
            .thenComparing(MergeRun::isWithoutEffect)
            .thenComparing(one -> -one.tag().number()));
  }

  private static boolean isWithoutEffect(PastStatement past) {
    return past.state().isFinal() && !past.state().isApplied();
  }

  private boolean isOurMerge(StatementTag tag) {
    return isMergeOf(tag, context.jobId(), context.view().index());
  }

  static boolean isMergeOf(StatementTag tag, JobId job, int view) {
    return tag.job().equals(job) && tag.view() == view && tag.step().equals(MERGE);
  }

  private FinalizeStep ended(StatementAnswer answer) {
    if (answer.state().isApplied()) {
      return new FinalizeStep.Done(location(), counts(answer));
    }
    return isWithdrawal() ? new FinalizeStep.Withdrawn() : mergeFailed(answer);
  }

  /** A workspace that does not answer for a while must not cost the attempts at a long merge. */
  private FinalizeStep inDoubt(ExportException failure) {
    boolean isPassing = failure.kind() == FailureKind.RETRYABLE;
    if (isPassing && ++progress.failures <= MAX_FAILURES) {
      progress.count(FAILURE_WAIT);
      return new FinalizeStep.Again(progress.text(), FAILURE_WAIT);
    }
    throw failure.kind() == FailureKind.OUTCOME_UNKNOWN
        ? failure
        : WarehouseMerge.unknown(context, failure);
  }

  private Optional<StatementAnswer> findForgotten() {
    return tools
        .warehouse()
        .findInHistory(progress.statement, context.stop())
        .map(
            state ->
                new StatementAnswer(progress.statement, state, new StatementFailure("", "", "")));
  }

  /** The rows are there, so nothing that goes wrong here may fail the merge. */
  private MergeCounts counts(StatementAnswer answer) {
    if (answer.state() != State.SUCCEEDED) {
      return MergeCounts.UNKNOWN;
    }
    try {
      return tools
          .warehouse()
          .rows(answer.id(), context.stop())
          .map(rows -> MergeResult.counts(rows, receiptRows()))
          .orElse(MergeCounts.UNKNOWN);
    } catch (ExportException e) {
      return MergeCounts.UNKNOWN;
    }
  }

  private FinalizeStep mergeFailed(StatementAnswer answer) {
    ExportException failure = failure(answer);
    Remedy remedy =
        answer.state() == State.FAILED ? WarehouseFailures.remedy(answer.failure()) : Remedy.NONE;
    return switch (remedy) {
      case REPEAT -> repeat(Phase.READY, failure);
      case MORE_TIME -> giveMoreTime(failure);
      case LOOK_AGAIN -> {
        if (progress.looks >= MAX_LOOKS) {
          throw failure;
        }
        yield startAgain();
      }
      case NONE, WAIT, DONE -> {
        saveFresh();
        throw failure;
      }
    };
  }

  /** From the checks on, whose answer says how late it is. */
  private FinalizeStep giveMoreTime(ExportException failure) {
    long most = tools.settings().statementTimeout().toMillis();
    progress.windowMs = Math.max(progress.windowMs, Math.min(most, progress.windowMs * MORE_TIME));
    return repeat(Phase.START, failure);
  }

  private FinalizeStep repeat(Phase from, ExportException failure) {
    if (++progress.conflicts > tools.settings().maxConflicts()) {
      saveFresh();
      throw failure;
    }
    progress.enter(from, "");
    progress.polls = progress.conflicts - 1;
    return again();
  }
}
