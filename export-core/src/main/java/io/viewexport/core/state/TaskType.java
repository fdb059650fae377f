// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

/** The units of work, in the order in which a job goes through them. */
public enum TaskType {
  /**
   * Describes the views and asks the backend for a plan: for jobs that were not planned at submit.
   */
  PLAN,
  /** Prepares the target of one view. */
  SETUP,
  /** Exports one chunk of one view. */
  CHUNK,
  /** Brings one view's rows to the target. */
  FINALIZE,
  /** Removes what the job left behind; one per job. */
  CLEANUP
}
