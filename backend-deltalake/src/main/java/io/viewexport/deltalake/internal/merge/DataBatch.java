// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.StructType;
import java.util.List;

/**
 * Columns of rows, put together freely.
 *
 * @param schema the columns' names and types
 * @param vectors their values, in the same order
 * @param size the number of rows
 */
record DataBatch(StructType schema, List<ColumnVector> vectors, int size) implements ColumnarBatch {
  @Override
  public StructType getSchema() {
    return schema;
  }

  @Override
  public ColumnVector getColumnVector(int ordinal) {
    return vectors.get(ordinal);
  }

  @Override
  public int getSize() {
    return size;
  }
}
