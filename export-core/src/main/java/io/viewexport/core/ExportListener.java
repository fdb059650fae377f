// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.TaskId;

/**
 * Hears what one server's engine does: for metrics and audit. It hears of what this server did, not
 * of what others did.
 *
 * <p>Called on the engine's own threads, by many at once; must be quick. What a listener throws is
 * logged and changes nothing else.
 */
public interface ExportListener {

  /** A request was accepted and stored. */
  default void jobAccepted(ExportJob job) {}

  /** A job changed its state by what this server reported. */
  default void jobStateChanged(JobId job, JobState state) {}

  /** A job reached a final state by what this server reported. */
  default void jobEnded(JobId job, JobState state) {}

  /**
   * An attempt at a task begins.
   *
   * @param kind the kind of its job
   * @param attempt its number, from 1
   */
  default void attemptStarted(String kind, TaskId task, int attempt) {}

  /** An attempt at a task ended. */
  default void attemptEnded(AttemptReport report) {}

  /** An attempt to clean up after a job failed; it may be tried again. */
  default void cleanupFailed(JobId job, FailureCause cause) {}

  /**
   * An error of the JVM reached the engine; {@link ExportService#isHealthy()} is false from now on.
   *
   * @param errorClass the name of the error's class
   */
  default void unhealthy(String errorClass) {}
}
