// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobId;
import java.util.List;

/** Stands in for a merge where there is none: nothing gets beyond staging. */
final class StagingOnly implements TargetMerge {

  @Override
  public void check(ExportView view, ExportPlace place) {}

  @Override
  public FinalizeStep finish(FinalizeContext context, ExportPlace place, List<Staged> staged) {
    return switch (context.intent()) {
      case WITHDRAW -> new FinalizeStep.Withdrawn();
      case MERGE ->
          throw ExportException.permanent(
              "merge-not-available", "The table can't be written: no merge is configured.", null);
    };
  }

  @Override
  public void cleanUp(JobId job, CancelContext.EndedView view, ExportPlace place) {}
}
