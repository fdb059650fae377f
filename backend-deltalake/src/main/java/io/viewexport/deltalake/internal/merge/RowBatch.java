// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a data file, those that a deletion vector hides included.
 *
 * @param data their values
 * @param selection which rows are not hidden; empty: none is hidden
 * @param firstRow the number of the first row in its file, from 0
 */
record RowBatch(ColumnarBatch data, Optional<ColumnVector> selection, long firstRow) {

  /** The number of rows, hidden ones included. */
  int size() {
    return data.getSize();
  }

  /** Whether a row is not hidden. */
  boolean isLive(int row) {
    return selection.isEmpty()
        || (!selection.get().isNullAt(row) && selection.get().getBoolean(row));
  }

  /** The column of exactly this name; null where it was not read. */
  @Nullable ColumnVector column(String name) {
    int ordinal = data.getSchema().indexOf(name);
    return ordinal < 0 ? null : data.getColumnVector(ordinal);
  }
}
