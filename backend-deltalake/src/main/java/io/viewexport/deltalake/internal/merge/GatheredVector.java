// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Values picked from several vectors of one type; a row that is not picked from any is NULL.
 *
 * @param type the type of the values
 * @param sources where they are
 * @param source of each row, the number of its source; -1 for NULL
 * @param row of each row, the row in its source
 */
@SuppressWarnings("ArrayRecordComponent")
record GatheredVector(DataType type, List<ColumnVector> sources, int[] source, int[] row)
    implements ColumnVector {
  private ColumnVector at(int index) {
    return sources.get(source[index]);
  }

  @Override
  public DataType getDataType() {
    return type;
  }

  @Override
  public int getSize() {
    return source.length;
  }

  @Override
  public void close() {}

  @Override
  public boolean isNullAt(int index) {
    return source[index] < 0 || at(index).isNullAt(row[index]);
  }

  @Override
  public boolean getBoolean(int index) {
    return at(index).getBoolean(row[index]);
  }

  @Override
  public byte getByte(int index) {
    return at(index).getByte(row[index]);
  }

  @Override
  public short getShort(int index) {
    return at(index).getShort(row[index]);
  }

  @Override
  public int getInt(int index) {
    return at(index).getInt(row[index]);
  }

  @Override
  public long getLong(int index) {
    return at(index).getLong(row[index]);
  }

  @Override
  public float getFloat(int index) {
    return at(index).getFloat(row[index]);
  }

  @Override
  public double getDouble(int index) {
    return at(index).getDouble(row[index]);
  }

  @Override
  public byte[] getBinary(int index) {
    return at(index).getBinary(row[index]);
  }

  @Override
  public String getString(int index) {
    return at(index).getString(row[index]);
  }

  @Override
  public BigDecimal getDecimal(int index) {
    return at(index).getDecimal(row[index]);
  }

  @Override
  public MapValue getMap(int index) {
    return at(index).getMap(row[index]);
  }

  @Override
  public ArrayValue getArray(int index) {
    return at(index).getArray(row[index]);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    List<ColumnVector> children = new ArrayList<>();
    sources.forEach(vector -> children.add(vector.getChild(ordinal)));
    DataType childType = ((StructType) type).at(ordinal).getDataType();
    return new GatheredVector(childType, children, source, row);
  }
}
