// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.deltalake.internal.schema.TableName;
import java.util.Objects;

/**
 * The staging table of a chunk as a warehouse sees it.
 *
 * @param table its name in the catalog
 * @param rowCount the rows that the receipt counts
 */
public record StagedChunk(TableName table, long rowCount) {
  /** Checks that there is a name. */
  public StagedChunk {
    Objects.requireNonNull(table, "table");
  }
}
