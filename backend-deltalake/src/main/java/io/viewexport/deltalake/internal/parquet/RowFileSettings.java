// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import java.util.Objects;
import java.util.Set;

/**
 * How Parquet files are written.
 *
 * @param compression of the pages
 * @param rowGroupBytes a row group is written out when so many compressed bytes wait: what bounds
 *     the memory
 * @param withoutDictionary columns whose values are known to differ, such as keys
 */
public record RowFileSettings(
    PageCompression compression, long rowGroupBytes, Set<String> withoutDictionary) {

  /** Copies the set. */
  public RowFileSettings {
    Objects.requireNonNull(compression, "compression");
    withoutDictionary = Set.copyOf(withoutDictionary);
  }
}
