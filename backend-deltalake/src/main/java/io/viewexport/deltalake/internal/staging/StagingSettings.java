// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import io.viewexport.deltalake.internal.parquet.PageCompression;
import java.util.Objects;

/**
 * How chunks are staged.
 *
 * @param compression of the data files
 * @param rowGroupBytes compressed bytes of a row group: what bounds the memory of a chunk
 * @param targetFileBytes about how large a data file is
 */
public record StagingSettings(
    PageCompression compression, long rowGroupBytes, long targetFileBytes) {

  /** Checks that the sizes are positive. */
  public StagingSettings {
    Objects.requireNonNull(compression, "compression");
    if (rowGroupBytes < 1 || targetFileBytes < 1) {
      throw new IllegalArgumentException(
          "must be positive: " + rowGroupBytes + ", " + targetFileBytes);
    }
  }
}
