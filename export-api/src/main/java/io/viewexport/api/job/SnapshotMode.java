// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

/** Which state of the database the rows of a job come from. */
public enum SnapshotMode {
  /**
   * Each chunk reads under a snapshot of its own: crash-safe; chunks may differ by some moments.
   */
  PER_CHUNK,
  /** All chunks of the job read under one exported snapshot. */
  SHARED
}
