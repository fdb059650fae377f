// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.DataType;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of boxed values. */
record ObjectVector(DataType type, List<@Nullable Object[]> rows, int column)
    implements ColumnVector {
  @Override
  public DataType getDataType() {
    return type;
  }

  @Override
  public int getSize() {
    return rows.size();
  }

  @Override
  public void close() {}

  private Object at(int row) {
    return rows.get(row)[column];
  }

  @Override
  public boolean isNullAt(int row) {
    return at(row) == null;
  }

  @Override
  public boolean getBoolean(int row) {
    return (Boolean) at(row);
  }

  @Override
  public int getInt(int row) {
    return (Integer) at(row);
  }

  @Override
  public long getLong(int row) {
    return (Long) at(row);
  }

  @Override
  public float getFloat(int row) {
    return (Float) at(row);
  }

  @Override
  public double getDouble(int row) {
    return (Double) at(row);
  }

  @Override
  public byte[] getBinary(int row) {
    return (byte[]) at(row);
  }

  @Override
  public String getString(int row) {
    return (String) at(row);
  }

  @Override
  public BigDecimal getDecimal(int row) {
    return (BigDecimal) at(row);
  }
}
