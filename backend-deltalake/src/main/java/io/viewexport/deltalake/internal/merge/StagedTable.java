// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.util.Objects;

/**
 * What a receipt says of a staging table.
 *
 * @param path the table's directory, in the storage's spelling
 * @param rowCount the rows that were staged there
 */
public record StagedTable(String path, long rowCount) {

  /** Checks that there is a path. */
  public StagedTable {
    Objects.requireNonNull(path, "path");
  }
}
