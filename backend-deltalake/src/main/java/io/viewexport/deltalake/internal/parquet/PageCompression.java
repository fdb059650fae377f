// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

/** How pages are compressed. */
public enum PageCompression {
  /** Zstandard, level 1. */
  ZSTD,
  /** Snappy. */
  SNAPPY
}
