// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.StopSignal;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import java.util.Optional;

/**
 * What every call for a running job is handed: valid until the call returns, for use by any thread
 * that works for it.
 */
public interface TaskContext {

  /** The most bytes a checkpoint may have, as UTF-8. */
  int MAX_CHECKPOINT_BYTES = 16 * 1024;

  /** {@return the job that the task belongs to} */
  JobId jobId();

  /** {@return the request as it came} */
  ExportRequest request();

  /**
   * {@return the number of this attempt at the task, from 1} No other attempt, on whatever server,
   * ever has the same; a later one has a larger.
   */
  int attempt();

  /**
   * Tells the work to end. Ask before every effect that others can see: once it is given, another
   * worker may already be at the same task.
   *
   * @return the signal; the same for the whole attempt
   */
  StopSignal stop();

  /** {@return the text that the last attempt at this task saved, on whatever server} */
  Optional<String> checkpoint();

  /**
   * Stores a text for the next attempt, which replaces the last one. When this returns, it is
   * stored, and this attempt held the task at that moment.
   *
   * @param text at most {@value #MAX_CHECKPOINT_BYTES} bytes as UTF-8; no row values, no secrets
   * @throws io.viewexport.api.ExportStoppedException where this attempt does not hold the task any
   *     more; nothing was stored
   * @throws io.viewexport.api.ExportException {@code RETRYABLE} where the store can't be reached
   */
  void saveCheckpoint(String text);

  /**
   * Says that the work moves on, for the status and for the watch on work that stands still. Rows
   * that are read through the cursor count by themselves.
   *
   * @param bytesWritten bytes written since the last call; may be 0
   */
  void progress(long bytesWritten);

  /**
   * Says what is wrong though the work goes on, such as a clean-up that lacks a right: logged, and
   * told to the host's listeners. Not stored.
   *
   * @param code stable code: lower-case words joined by hyphens
   * @param message what is wrong and what to do; no row values, no secrets, no text of another
   *     system
   */
  void warn(String code, String message);
}
