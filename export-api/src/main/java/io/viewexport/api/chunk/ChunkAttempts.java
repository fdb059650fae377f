// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.chunk;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Every attempt ever started at a chunk: those with the numbers 1 to {@code started}.
 *
 * @param chunk which chunk
 * @param started the number of the last attempt; 0 where none was started
 * @param winner the attempt whose receipt was accepted
 */
public record ChunkAttempts(ChunkId chunk, int started, OptionalInt winner) {

  /**
   * Checks that none is null.
   *
   * @param chunk which chunk
   * @param started the number of the last attempt
   * @param winner the attempt whose receipt was accepted
   */
  public ChunkAttempts {
    Objects.requireNonNull(chunk, "chunk");
    Objects.requireNonNull(winner, "winner");
  }
}
