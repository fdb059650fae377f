// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

/**
 * How much a merge may take.
 *
 * @param memoryBytes for the keys of one pass over the data
 * @param targetFileBytes about how large a file is
 * @param maxConflicts how often it is all computed anew, because another writer was first
 */
public record MergeSettings(long memoryBytes, long targetFileBytes, int maxConflicts) {
  /** Checks that each is positive. */
  public MergeSettings {
    if (memoryBytes < 1 || targetFileBytes < 1 || maxConflicts < 1) {
      throw new IllegalArgumentException(
          "must be positive: " + memoryBytes + ", " + targetFileBytes + ", " + maxConflicts);
    }
  }
}
