// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.chunk;

import java.nio.charset.StandardCharsets;

/**
 * What an attempt at a chunk leaves behind: all that finalize will know of it.
 *
 * @param payload what the backend needs to find what was written: opaque to the engine, at most 4
 *     KiB as UTF-8, no row values, no secrets
 * @param rowCount rows written; equal to the rows that the cursor gave
 * @param byteCount bytes written
 */
public record ChunkReceipt(String payload, long rowCount, long byteCount) {

  /** The most bytes a payload may have, as UTF-8. */
  public static final int MAX_PAYLOAD_BYTES = 4096;

  /**
   * Checks the size of the payload and that the counts are not negative.
   *
   * @param payload what the backend needs to find what was written
   * @param rowCount rows written
   * @param byteCount bytes written
   */
  public ChunkReceipt {
    int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "a receipt has at most " + MAX_PAYLOAD_BYTES + " bytes, this one " + bytes);
    }
    if (rowCount < 0 || byteCount < 0) {
      throw new IllegalArgumentException("a receipt counts from 0");
    }
  }
}
