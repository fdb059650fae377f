// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.merge.CheckStatement;
import io.viewexport.deltalake.internal.merge.MergeStatement;
import io.viewexport.deltalake.internal.merge.SqlStatement;
import io.viewexport.deltalake.internal.merge.TargetDdl;
import io.viewexport.deltalake.internal.merge.WarehouseMatch;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Phase;

/** Submits the statements of a merge, each under a tag of its own, and notes that it did. */
final class MergeSubmission {
  private static final String CHECK = "check";
  private static final String COLUMNS = "columns";
  private static final String MERGE = "merge";

  private final MergeCall call;
  private final MergeProgress progress;

  MergeSubmission(MergeCall call) {
    this.call = call;
    this.progress = call.progress();
  }

  /** Whether the tag is that of a merge of a job's view, by whatever attempt. */
  static boolean isMergeOf(StatementTag tag, JobId job, int view) {
    return tag.job().equals(job) && tag.view() == view && tag.step().equals(MERGE);
  }

  FinalizeStep submitChecks() {
    SqlStatement checks =
        CheckStatement.render(
            call.spec(), call.match(), call.stagedTables(), call.tools().settings().sampling());
    progress.submitted++;
    progress.enter(Phase.CHECKING, submitHarmless(checks, CHECK));
    return call.again();
  }

  FinalizeStep submitColumns(WarehouseMatch match) {
    progress.submitted++;
    SqlStatement statement = TargetDdl.addColumns(match.target().name(), match.missing());
    progress.enter(Phase.ALTERING, submitHarmless(statement, COLUMNS));
    return call.again();
  }

  private String submitHarmless(SqlStatement statement, String step) {
    call.stop().throwIfStopped();
    return call.warehouse().submitHarmless(statement, tag(step), call.subject(), call.stop());
  }

  /** The checkpoint says first that it is about to be submitted. */
  FinalizeStep submitMerge(WarehouseMatch match) {
    long until = progress.warehouseMs + progress.windowMs;
    SqlStatement merge = MergeStatement.render(call.spec(), match, call.stagedTables(), until);
    progress.submitted++;
    progress.enter(Phase.SUBMITTING, "");
    progress.preparedMs = call.tools().clock().millis();
    call.context().saveCheckpoint(progress.text());
    call.stop().throwIfStopped();
    String statement;
    try {
      statement = call.warehouse().submit(merge, tag(MERGE), call.subject(), call.stop());
    } catch (ExportException e) {
      if (e.kind() == FailureKind.OUTCOME_UNKNOWN) {
        return call.again();
      }
      call.saveFresh(e);
      throw e;
    }
    progress.enter(Phase.MERGING, statement);
    return call.again();
  }

  private StatementTag tag(String step) {
    FinalizeContext context = call.context();
    return new StatementTag(
        context.jobId(), context.view().index(), context.attempt(), step, progress.submitted);
  }
}
