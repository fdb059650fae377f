// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.chunk.AcceptedReceipt;
import java.util.List;

/** What {@link ExportBackend#finalizeExport} is handed. */
public interface FinalizeContext extends TaskContext {

  /** What the call is for. */
  enum Intent {
    /** Bring the rows to the target. */
    MERGE,
    /**
     * The job is ending, and an earlier attempt may have begun to merge: stop what still runs,
     * begin nothing new, and find out whether the rows are in the target.
     */
    WITHDRAW
  }

  /** {@return the view whose rows are merged} */
  ExportView view();

  /** {@return what the call is for} */
  Intent intent();

  /** {@return the receipts of the winning attempts, one for each chunk, by chunk number} */
  List<AcceptedReceipt> receipts();
}
