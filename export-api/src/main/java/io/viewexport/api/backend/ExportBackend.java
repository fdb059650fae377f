// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import java.util.List;
import java.util.Set;

/**
 * Where exports of one kind land. Built by the host, which gives it its settings and secrets, and
 * registered with the engine. Safe for use by many threads.
 *
 * <p>Every call but {@link #planExport} may be made more than once for the same work, at the same
 * time, on several servers, and may be cut off anywhere: the rules for that are numbered in the
 * {@linkplain io.viewexport.api.backend package description}.
 *
 * <p>All calls throw {@link io.viewexport.api.ExportException} for failures and let {@link
 * io.viewexport.api.ExportStoppedException} pass. Anything else thrown counts as {@code RETRYABLE},
 * from {@link #finalizeExport} as {@code OUTCOME_UNKNOWN}.
 */
public interface ExportBackend extends AutoCloseable {

  /** {@return the kind that requests name: lower-case words joined by hyphens} */
  String kind();

  /**
   * {@return what it can do beyond inserting rows of unknown key from one view} Read once, at
   * planning.
   */
  Set<Capability> capabilities();

  /** {@return the parameters that its requests may have: for discovery} */
  default List<BackendParameter> parameters() {
    return List.of();
  }

  /**
   * Checks a request and says into how many chunks each view is cut.
   *
   * <p>Has no effects and waits for nothing but a short look at the target.
   *
   * @param context the request and its views; there is no job yet
   * @return for each view the number of chunks and the exclusion key
   * @throws io.viewexport.api.ExportRefusedException with every problem of the request at once,
   *     unknown parameters among them
   * @throws io.viewexport.api.ExportException {@code RETRYABLE} where what must be looked at can't
   *     be
   */
  ExportPlan planExport(PlanContext context);

  /**
   * Prepares for the chunks of a view, once per view before its first chunk.
   *
   * <p>Key: job and view. What can be known to fail later fails here.
   *
   * @param context the job, the view and the stop signal
   */
  void setupExport(SetupContext context);

  /**
   * Writes the rows of one chunk to a place of this attempt's own and returns the receipt for them.
   *
   * <p>Rows come in no order with the columns of {@code rows.schema()}; there may be none. They are
   * read to the end; the caller closes the cursor. Key: chunk and attempt.
   *
   * @param context the job, the view, which chunk of it and which attempt
   * @param rows the chunk's rows, before the first one; read by the calling thread alone
   * @return how many rows and bytes were written, and what finalize needs to find them: at most 4
   *     KiB
   */
  ChunkReceipt exportChunk(ChunkContext context, RowCursor rows);

  /**
   * Brings the rows that the receipts name to the target, all or nothing; called when every chunk
   * of every view is done. Deletes no staging.
   *
   * <p>Key: job and view: a repeat, after whatever interruption, changes nothing that is done
   * already.
   *
   * @param context the job, the view, the receipts, and whether to merge or to withdraw
   * @return that it is done, that the call is to be made again, or (to {@code WITHDRAW} alone) that
   *     nothing was or will be merged
   */
  FinalizeStep finalizeExport(FinalizeContext context);

  /**
   * Removes what the job left behind, staging above all; called after every end of a job, success
   * included, when no attempt runs any more, and once more after a grace time for workers that were
   * frozen.
   *
   * <p>Key: job. Any number of times. A failure is reported and tried again later.
   *
   * @param context how the job ended, and for each view its outcome and every attempt ever started
   */
  default void cancelExport(CancelContext context) {}

  /** Frees what the backend holds, once no call is under way. Any number of times. */
  @Override
  default void close() {}
}
