// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Limit;
import io.viewexport.deltalake.internal.warehouse.StatementAnswer.State;
import java.time.Duration;

/** Waits for the statement that runs: up to its limits, and through outages of the workspace. */
final class MergeWait {
  /** How often in a row a merge can't be looked up before that fails the attempt. */
  private static final int MAX_FAILURES = 20;

  private static final Duration FAILURE_WAIT = Duration.ofSeconds(30);

  private final MergeCall call;
  private final MergeProgress progress;

  MergeWait(MergeCall call) {
    this.call = call;
    this.progress = call.progress();
  }

  /** Waits on; beyond a limit, cancels first. What became of it the next calls find out. */
  FinalizeStep goOn(StatementAnswer answer) {
    if (answer.state() == State.RUNNING) {
      progress.sawRunning();
    }
    Limit limit = reached();
    if (limit != Limit.NONE || call.isWithdrawal()) {
      call.warehouse().cancel(answer.id(), call.stop());
      progress.limit = progress.limit == Limit.NONE ? limit : progress.limit;
    }
    return call.again();
  }

  private Limit reached() {
    WarehouseSettings settings = call.tools().settings();
    if (progress.isRunning) {
      return progress.waitedMs >= settings.statementTimeout().toMillis()
          ? Limit.RUNNING
          : Limit.NONE;
    }
    return progress.waitedMs >= settings.pendingWithin().toMillis() ? Limit.PENDING : Limit.NONE;
  }

  /** A workspace that does not answer for a while must not cost the attempts at a long merge. */
  FinalizeStep inDoubt(ExportException failure) {
    boolean isPassing = failure.kind() == FailureKind.RETRYABLE;
    if (isPassing && ++progress.failures <= MAX_FAILURES) {
      progress.count(FAILURE_WAIT);
      return new FinalizeStep.Again(progress.text(), FAILURE_WAIT);
    }
    throw failure.kind() == FailureKind.OUTCOME_UNKNOWN
        ? failure
        : WarehouseMerge.unknown(call.context(), failure);
  }

  /** The failure of a statement that failed, or was cancelled: by us, at a limit, or by others. */
  ExportException failure(StatementAnswer answer) {
    WarehouseFailures.Subject subject = call.subject();
    if (answer.state() == State.FAILED) {
      if (WarehouseFailures.isTableMissing(answer.failure())) {
        call.requireTarget();
      }
      return WarehouseFailures.ofStatement(answer.failure(), subject);
    }
    return switch (progress.limit) {
      case NONE -> WarehouseFailures.cancelled(subject);
      case PENDING -> WarehouseFailures.notStarted(subject);
      case RUNNING -> WarehouseFailures.timedOut(subject);
    };
  }
}
