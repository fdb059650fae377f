// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobId;
import java.util.List;

/** How staged rows get into a target; the backend knows no more of it. */
interface TargetMerge {

  /**
   * A staging table of a winning attempt.
   *
   * @param path its directory
   * @param rowCount the rows that its receipt counts
   */
  record Staged(String path, long rowCount) {}

  /** Fails where a merge into the target can't work. Changes nothing. */
  void check(ExportView view, ExportPlace place);

  /** Merges, or withdraws, as the context says. */
  FinalizeStep finish(FinalizeContext context, ExportPlace place, List<Staged> staged);

  /**
   * Deletes the files that the job put into the target and that the target's log does not name. The
   * outcome of the view's merge is known.
   */
  void cleanUp(JobId job, CancelContext.EndedView view, ExportPlace place);
}
