// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.chunk;

import java.util.Objects;

/**
 * The receipt of the attempt that won its chunk.
 *
 * @param chunk which chunk
 * @param attempt the attempt that wrote it
 * @param snapshotGeneration which shared snapshot its rows are of; 0 where each chunk had its own
 * @param receipt what it left
 */
public record AcceptedReceipt(
    ChunkId chunk, int attempt, int snapshotGeneration, ChunkReceipt receipt) {

  /**
   * Checks that none is null.
   *
   * @param chunk which chunk
   * @param attempt the attempt that wrote it
   * @param snapshotGeneration which shared snapshot its rows are of
   * @param receipt what it left
   */
  public AcceptedReceipt {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(receipt, "receipt");
  }
}
