// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

/** What a renewal found. */
public enum LeaseStatus {
  /** Renewed; the work may go on. */
  HELD,
  /** Renewed; but the job is being brought to an end, the work should stop. */
  JOB_ENDING,
  /** Not renewed: the task is another's by now, or done with. */
  LOST
}
