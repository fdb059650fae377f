// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import java.util.function.IntPredicate;

/**
 * Which rows of a batch are meant.
 *
 * @param size the number of rows
 * @param rows says of a row whether it is
 */
record BitVector(int size, IntPredicate rows) implements ColumnVector {
  @Override
  public DataType getDataType() {
    return BooleanType.BOOLEAN;
  }

  @Override
  public int getSize() {
    return size;
  }

  @Override
  public void close() {}

  @Override
  public boolean isNullAt(int row) {
    return false;
  }

  @Override
  public boolean getBoolean(int row) {
    return rows.test(row);
  }
}
