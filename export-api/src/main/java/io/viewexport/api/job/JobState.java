// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import java.util.Locale;

/** Where a job is. */
public enum JobState {
  /** Stored; nothing has run yet. */
  ACCEPTED,
  /** Tasks run or wait to run. */
  IN_PROGRESS,
  /** A cancel was accepted; running work is being stopped and cleaned up. */
  CANCELING,
  /** Every view was merged. */
  COMPLETED,
  /** The job failed; each output says whether it was merged all the same. */
  FAILED,
  /** The job was cancelled; each output says whether it was merged all the same. */
  CANCELLED;

  /** {@return whether the job stays in this state for good} */
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /** {@return the status code that clients see, such as {@code in-progress}} */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
