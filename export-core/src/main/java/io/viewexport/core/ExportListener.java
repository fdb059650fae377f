// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.TaskId;

/**
 * Hears what one server's engine does: for metrics and audit. It hears of what this server did, not
 * of what others did: each event reaches the listeners of one server, or of none where that server
 * dies or loses the store's answer at that moment. What must not be missed is asked of the service.
 *
 * <p>Called on the engine's own threads and on those of the service's callers, by many at once;
 * must be quick. A call that takes long holds up the task that it is about, never its lease. What a
 * listener throws is logged and changes nothing else.
 */
public interface ExportListener {

  /** A request was accepted and stored. */
  default void jobAccepted(ExportJob job) {}

  /**
   * A job changed its state by what this server did. States that it passes within one step, and
   * that nobody could have seen, are left out.
   */
  default void jobStateChanged(JobId job, JobState state) {}

  /** A job reached a final state by what this server did; {@link #jobStateChanged} came before. */
  default void jobEnded(JobId job, JobState state) {}

  /**
   * An attempt at a task begins: this server has claimed it. {@link #attemptEnded} follows.
   *
   * @param kind the kind of its job
   * @param attempt its number, from 1
   */
  default void attemptStarted(String kind, TaskId task, int attempt) {}

  /** An attempt at a task ended, also one that was not to be worked at any more. */
  default void attemptEnded(AttemptReport report) {}

  /**
   * Something is wrong though an attempt goes on, in the backend's words: a right that its clean-up
   * lacks, for example.
   *
   * @param attempt its number, from 1
   */
  default void taskWarned(TaskId task, int attempt, ExportIssue warning) {}

  /** An attempt to clean up after a job failed; it may be tried again. */
  default void cleanupFailed(JobId job, FailureCause cause) {}

  /**
   * An error of the JVM reached the engine; {@link ExportService#isHealthy()} is false from now on.
   * Told for each.
   *
   * @param errorClass the name of the error's class
   */
  default void unhealthy(String errorClass) {}
}
