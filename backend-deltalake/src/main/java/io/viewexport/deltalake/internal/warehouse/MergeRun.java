// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.deltalake.internal.merge.CheckStatement;
import io.viewexport.deltalake.internal.merge.WarehouseMatch;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Phase;
import io.viewexport.deltalake.internal.warehouse.StatementAnswer.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call of {@link WarehouseMerge#run}: decides what comes next. */
final class MergeRun {
  /** How often the target's columns are looked at anew, or changed, for one merge. */
  private static final int MAX_LOOKS = 2;

  /** By how much more time a merge gets to begin that began too late. */
  static final int MORE_TIME = 4;

  private final MergeCall call;
  private final MergeProgress progress;
  private final MergeSubmission submission;
  private final MergeSearch search;
  private final MergeWait waiting;

  MergeRun(MergeCall call) {
    this.call = call;
    this.progress = call.progress();
    this.submission = new MergeSubmission(call);
    this.search = new MergeSearch(call);
    this.waiting = new MergeWait(call);
  }

  FinalizeStep next() {
    if (call.isWithdrawal()) {
      progress.withdraw();
    }
    return switch (progress.phase) {
      case START -> call.isWithdrawal() ? new FinalizeStep.Withdrawn() : start();
      case CHECKING -> call.isWithdrawal() ? withdrawn() : awaitChecks();
      case ALTERING -> call.isWithdrawal() ? withdrawn() : awaitColumns();
      case READY -> call.isWithdrawal() ? new FinalizeStep.Withdrawn() : prepareMerge();
      case SUBMITTING, MERGING -> findOut();
    };
  }

  /** The statement changes no row: it ends by itself where it can't be cancelled. */
  private FinalizeStep withdrawn() {
    try {
      call.warehouse().cancel(progress.statement, call.stop());
    } catch (ExportException leftToItself) {
      // Nothing hangs on it.
      return new FinalizeStep.Withdrawn();
    }
    return new FinalizeStep.Withdrawn();
  }

  // ---- checks and columns -------------------------------------------------------------------

  private FinalizeStep start() {
    if (call.rowCount() == 0) {
      return new FinalizeStep.Done(call.location(), MergeCounts.of(0, 0, 0, 0));
    }
    return submission.submitChecks();
  }

  private FinalizeStep awaitChecks() {
    Optional<StatementAnswer> found = call.warehouse().find(progress.statement, call.stop());
    if (found.isEmpty() || found.get().state() == State.CLOSED) {
      return startAgain();
    }
    StatementAnswer answer = found.get();
    if (!answer.state().isFinal()) {
      return waiting.goOn(answer);
    }
    if (answer.state() != State.SUCCEEDED) {
      return failHarmless(answer);
    }
    Optional<List<Map<String, @Nullable String>>> rows =
        call.warehouse().rows(answer.id(), call.stop());
    if (rows.isEmpty() || rows.get().size() != 1) {
      return startAgain();
    }
    long asked = CheckStatement.judge(call.spec(), rows.get().get(0), call.rowCount());
    progress.warehouseMs = asked + (progress.isRunning ? progress.waitedMs : 0);
    return prepareMerge();
  }

  private FinalizeStep startAgain() {
    if (++progress.looks > MAX_LOOKS) {
      call.saveFresh();
      throw WarehouseFailures.notUnderstood(call.warehouse().id());
    }
    progress.enter(Phase.START, "");
    return call.again();
  }

  /** What comes after a statement that changes no rows, and failed or was cancelled. */
  private FinalizeStep failHarmless(StatementAnswer answer) {
    ExportException failure = waiting.failure(answer);
    if (answer.state() == State.FAILED
        && WarehouseFailures.remedy(answer.failure()) == Remedy.LOOK_AGAIN
        && progress.looks < MAX_LOOKS) {
      return startAgain();
    }
    call.saveFresh();
    throw failure;
  }

  private FinalizeStep addColumns(WarehouseMatch match) {
    if (++progress.looks > MAX_LOOKS) {
      throw WarehouseFailures.ofStatement(
          new StatementFailure("DELTA_SCHEMA_CHANGED", "", ""), call.subject());
    }
    return submission.submitColumns(match);
  }

  private FinalizeStep awaitColumns() {
    Optional<StatementAnswer> found = call.warehouse().find(progress.statement, call.stop());
    if (found.isPresent() && !found.get().state().isFinal()) {
      return waiting.goOn(found.get());
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
    WarehouseMatch match = call.match();
    return match.missing().isEmpty() ? submission.submitMerge(match) : addColumns(match);
  }

  /** Finds out what became of a merge that was submitted, or may have been. */
  private FinalizeStep findOut() {
    Optional<StatementAnswer> answer;
    try {
      answer = search.find();
      progress.failures = 0;
      if (answer.isPresent() && !answer.get().state().isFinal()) {
        return waiting.goOn(answer.get());
      }
    } catch (ExportException e) {
      return waiting.inDoubt(e);
    }
    return answer.isPresent() ? ended(answer.get()) : notFound();
  }

  /** The history has no merge: it may be late, and one on its way may still begin. */
  private FinalizeStep notFound() {
    long longest = progress.windowMs + call.tools().settings().historyDelay().toMillis();
    if (progress.waitedMs < longest) {
      return call.again();
    }
    return call.isWithdrawal() ? new FinalizeStep.Withdrawn() : prepareMerge();
  }

  private FinalizeStep ended(StatementAnswer answer) {
    if (answer.state().isApplied()) {
      return new FinalizeStep.Done(call.location(), search.counts(answer));
    }
    return call.isWithdrawal() ? new FinalizeStep.Withdrawn() : mergeFailed(answer);
  }

  private FinalizeStep mergeFailed(StatementAnswer answer) {
    ExportException failure = waiting.failure(answer);
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
        call.saveFresh();
        throw failure;
      }
    };
  }

  /** From the checks on, whose answer says how late it is. */
  private FinalizeStep giveMoreTime(ExportException failure) {
    long most = call.tools().settings().statementTimeout().toMillis();
    progress.windowMs = Math.max(progress.windowMs, Math.min(most, progress.windowMs * MORE_TIME));
    return repeat(Phase.START, failure);
  }

  private FinalizeStep repeat(Phase from, ExportException failure) {
    if (++progress.conflicts > call.tools().settings().maxConflicts()) {
      call.saveFresh();
      throw failure;
    }
    progress.enter(from, "");
    progress.polls = progress.conflicts - 1;
    return call.again();
  }
}
