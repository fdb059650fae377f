// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/** What becomes of a job whose shared snapshot was held for as long as the host allows. */
public enum SnapshotLimitPolicy {
  /** It fails. */
  FAIL,
  /**
   * What is left of it is read chunk by chunk, each under a snapshot of its own, and the job says
   * so. Views are cut by their keys then, never by pages.
   */
  FALL_BACK
}
