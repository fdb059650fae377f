// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.FailureCause;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.Optional;

/**
 * How an attempt at a task ended, as one server saw it.
 *
 * @param kind the kind of its job
 * @param task the task
 * @param attempt its number, from 1
 * @param result how it ended
 * @param failure why, where it failed
 * @param elapsed how long the server held it
 * @param rowCount how many rows it read
 * @param byteCount how many bytes it said to have written
 */
public record AttemptReport(
    String kind,
    TaskId task,
    int attempt,
    Result result,
    Optional<FailureCause> failure,
    Duration elapsed,
    long rowCount,
    long byteCount) {

  /** How attempts end. */
  public enum Result {
    /** Its work was done and accepted. */
    DONE,
    /** It failed; there may be another. */
    FAILED,
    /** It was given back without effect and without failure: at a shutdown, or as the job ends. */
    RELEASED,
    /** The server lost the lease, or may have; what the attempt made was dropped. */
    LEASE_LOST
  }
}
