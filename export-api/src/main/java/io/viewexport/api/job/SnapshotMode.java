// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.Experimental;

/** Which state of the database the rows of a job come from. */
public enum SnapshotMode {
  /**
   * Each chunk reads under a snapshot of its own: crash-safe; chunks may differ by some moments.
   */
  PER_CHUNK,
  /** All chunks of the job read under one exported snapshot. */
  @Experimental
  SHARED
}
