// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.TimestampType;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes values of a row as bytes, so that two rows are equal exactly if their bytes are. NaN
 * equals NaN, and -0.0 equals 0.0, as Delta's own merge has it. Not safe for many threads.
 */
final class RowEncoder {
  private enum Kind {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    DECIMAL,
    TEXT,
    BYTES
  }

  private byte[] buffer = new byte[256];
  private int length;
  private int nulls;
  private int lastNull;

  /** Holds the bytes of the last row, from the beginning. */
  byte[] buffer() {
    return buffer;
  }

  /** The number of bytes of the last row. */
  int length() {
    return length;
  }

  /** The number of NULLs in the last row. */
  int nulls() {
    return nulls;
  }

  /** The position of the last NULL among the columns of the last row. */
  int lastNull() {
    return lastNull;
  }

  /** Encodes a row; where there is no vector, the value is NULL. */
  void encode(@Nullable ColumnVector[] columns, int row) {
    length = 0;
    nulls = 0;
    for (int column = 0; column < columns.length; column++) {
      ColumnVector vector = columns[column];
      ensure(1);
      if (vector == null || vector.isNullAt(row)) {
        buffer[length++] = 0;
        nulls++;
        lastNull = column;
      } else {
        buffer[length++] = 1;
        value(vector, row);
      }
    }
  }

  private void value(ColumnVector vector, int row) {
    switch (kind(vector.getDataType())) {
      case BOOLEAN -> putLong(vector.getBoolean(row) ? 1 : 0, 1);
      case INT -> putLong(vector.getInt(row), Integer.BYTES);
      case LONG -> putLong(vector.getLong(row), Long.BYTES);
      case FLOAT -> putLong(Float.floatToIntBits(vector.getFloat(row) + 0f), Integer.BYTES);
      case DOUBLE -> putLong(Double.doubleToLongBits(vector.getDouble(row) + 0d), Long.BYTES);
      case DECIMAL -> putBytes(decimal(vector, row));
      case TEXT -> putBytes(vector.getString(row).getBytes(StandardCharsets.UTF_8));
      case BYTES -> putBytes(vector.getBinary(row));
    }
  }

  private static byte[] decimal(ColumnVector vector, int row) {
    int scale = ((DecimalType) vector.getDataType()).getScale();
    return vector
        .getDecimal(row)
        .setScale(scale, RoundingMode.UNNECESSARY)
        .unscaledValue()
        .toByteArray();
  }

  private void putLong(long value, int bytes) {
    ensure(bytes);
    for (int shift = 0; shift < bytes * Byte.SIZE; shift += Byte.SIZE) {
      buffer[length++] = (byte) (value >>> shift);
    }
  }

  private void putBytes(byte[] value) {
    putLong(value.length, Integer.BYTES);
    ensure(value.length);
    System.arraycopy(value, 0, buffer, length, value.length);
    length += value.length;
  }

  private void ensure(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }

  /** Whether values of this type can be compared. */
  static boolean knows(DataType type) {
    return type instanceof BooleanType
        || type instanceof IntegerType
        || type instanceof DateType
        || type instanceof LongType
        || type instanceof TimestampType
        || type instanceof FloatType
        || type instanceof DoubleType
        || type instanceof DecimalType
        || type instanceof StringType
        || type instanceof BinaryType;
  }

  private static Kind kind(DataType type) {
    if (type instanceof BinaryType) {
      return Kind.BYTES;
    } else if (type instanceof StringType) {
      return Kind.TEXT;
    } else if (type instanceof LongType || type instanceof TimestampType) {
      return Kind.LONG;
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return Kind.INT;
    } else if (type instanceof BooleanType) {
      return Kind.BOOLEAN;
    } else if (type instanceof DoubleType) {
      return Kind.DOUBLE;
    } else if (type instanceof FloatType) {
      return Kind.FLOAT;
    } else if (type instanceof DecimalType) {
      return Kind.DECIMAL;
    }
    throw new IllegalArgumentException("values of " + type + " can't be compared");
  }
}
