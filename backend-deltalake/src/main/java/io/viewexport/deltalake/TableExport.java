// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import java.util.List;

/**
 * The export to tables by one write mode: the calls of the backend for views of that mode.
 *
 * @param <P> how the mode names a table
 */
interface TableExport<P extends Place> {

  /** As {@link io.viewexport.api.backend.ExportBackend#setupExport}. */
  void setUp(SetupContext context, P place);

  /** As {@link io.viewexport.api.backend.ExportBackend#exportChunk}. */
  ChunkReceipt stage(ChunkContext context, P place, RowCursor rows);

  /** As {@link io.viewexport.api.backend.ExportBackend#finalizeExport}. */
  FinalizeStep merge(FinalizeContext context, P place);

  /**
   * Cleans up after these views of a job, each whatever becomes of the others.
   *
   * @return what failed
   */
  List<ExportException> cleanUp(CancelContext context, List<Ended<P>> views);

  /**
   * A view at the end of its job.
   *
   * @param <P> how its mode names a table
   */
  record Ended<P extends Place>(CancelContext.EndedView view, P place) {
    int index() {
      return view.view().index();
    }
  }
}
