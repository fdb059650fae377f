// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.chunk.ChunkAttempts;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import java.util.List;
import java.util.Objects;

/** What {@link ExportBackend#cancelExport} is handed. */
public interface CancelContext extends TaskContext {

  /**
   * {@return how the job ended; {@link JobState#CANCELING} where this clean-up is what its end
   * waits for}
   */
  JobState outcome();

  /**
   * {@return what there is to clean up, one for each view that was planned, in the order of the
   * request}
   */
  List<EndedView> views();

  /**
   * A view at the end of its job.
   *
   * @param view the view
   * @param merge whether its rows are in the target; while that is {@code UNKNOWN} its staging and
   *     the files it put into the target stay, unless the backend finds it out now
   * @param chunks every attempt ever started at each chunk
   * @param finalizeAttempts the number of the last attempt to finalize; 0 where none was started
   */
  record EndedView(
      ExportView view, MergeOutcome merge, List<ChunkAttempts> chunks, int finalizeAttempts) {
    /**
     * Copies the list.
     *
     * @param view the view
     * @param merge whether its rows are in the target
     * @param chunks every attempt ever started at each chunk
     * @param finalizeAttempts the number of the last attempt to finalize
     */
    public EndedView {
      Objects.requireNonNull(view, "view");
      Objects.requireNonNull(merge, "merge");
      chunks = List.copyOf(chunks);
    }
  }
}
