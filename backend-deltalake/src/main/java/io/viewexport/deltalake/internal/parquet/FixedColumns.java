// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import io.viewexport.api.view.RowCursor;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.BooleanStatistics;
import org.apache.parquet.column.statistics.DoubleStatistics;
import org.apache.parquet.column.statistics.FloatStatistics;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** Columns whose values all have one length: plainly encoded, no dictionary. */
final class FixedColumns {
  private FixedColumns() {}

  /** {@code INT} and {@code DATE}. */
  static class Ints extends ColumnPages {
    private int min = Integer.MAX_VALUE;
    private int max = Integer.MIN_VALUE;

    Ints(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
    }

    @Override
    void add(RowCursor cursor, int index) {
      put(cursor.intValue(index));
    }

    final void put(int value) {
      values.putInt(value);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }

    @Override
    final Encoding finishPage(Statistics<?> statistics) {
      ((IntStatistics) statistics).setMinMax(min, max);
      min = Integer.MAX_VALUE;
      max = Integer.MIN_VALUE;
      return Encoding.PLAIN;
    }
  }

  /** {@code DECIMAL} of at most 9 digits. */
  static final class ShortDecimals extends Ints {
    ShortDecimals(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
    }

    @Override
    void add(RowCursor cursor, int index) {
      put((int) cursor.longValue(index));
    }
  }

  /** {@code BIGINT}, {@code TIMESTAMP}, and {@code DECIMAL} of 10 to 18 digits. */
  static final class Longs extends ColumnPages {
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    Longs(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
    }

    @Override
    void add(RowCursor cursor, int index) {
      long value = cursor.longValue(index);
      values.putLong(value);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }

    @Override
    Encoding finishPage(Statistics<?> statistics) {
      ((LongStatistics) statistics).setMinMax(min, max);
      min = Long.MAX_VALUE;
      max = Long.MIN_VALUE;
      return Encoding.PLAIN;
    }
  }

  /** {@code FLOAT}. Parquet's own statistics know about NaN and the zeros. */
  static final class Floats extends ColumnPages {
    private FloatStatistics seen;

    Floats(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
      seen = fresh(column.getPrimitiveType());
    }

    @Override
    void add(RowCursor cursor, int index) {
      float value = cursor.floatValue(index);
      values.putInt(Float.floatToRawIntBits(value));
      seen.updateStats(value);
    }

    @Override
    Encoding finishPage(Statistics<?> statistics) {
      statistics.mergeStatistics(seen);
      seen = fresh(seen.type());
      return Encoding.PLAIN;
    }

    private static FloatStatistics fresh(PrimitiveType type) {
      return (FloatStatistics) Statistics.createStats(type);
    }
  }

  /** {@code DOUBLE}. */
  static final class Doubles extends ColumnPages {
    private DoubleStatistics seen;

    Doubles(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
      seen = fresh(column.getPrimitiveType());
    }

    @Override
    void add(RowCursor cursor, int index) {
      double value = cursor.doubleValue(index);
      values.putLong(Double.doubleToRawLongBits(value));
      seen.updateStats(value);
    }

    @Override
    Encoding finishPage(Statistics<?> statistics) {
      statistics.mergeStatistics(seen);
      seen = fresh(seen.type());
      return Encoding.PLAIN;
    }

    private static DoubleStatistics fresh(PrimitiveType type) {
      return (DoubleStatistics) Statistics.createStats(type);
    }
  }

  /** {@code BOOLEAN}: one bit each, lowest first. */
  static final class Booleans extends ColumnPages {
    private int count;
    private int trues;

    Booleans(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
    }

    @Override
    void add(RowCursor cursor, int index) {
      if ((count & 7) == 0) {
        values.putByte(0);
      }
      if (cursor.booleanValue(index)) {
        values.array[values.size - 1] |= (byte) (1 << (count & 7));
        trues++;
      }
      count++;
    }

    @Override
    Encoding finishPage(Statistics<?> statistics) {
      ((BooleanStatistics) statistics).setMinMax(trues == count, trues > 0);
      count = 0;
      trues = 0;
      return Encoding.PLAIN;
    }
  }

  /** {@code DECIMAL} of more than 18 digits: big-endian, as many bytes as the precision needs. */
  static final class LongDecimals extends ColumnPages {
    private final int width;
    private BigInteger min = BigInteger.ZERO;
    private BigInteger max = BigInteger.ZERO;
    private boolean any;

    LongDecimals(PageShared shared, ColumnDescriptor column, int index) {
      super(shared, column, index);
      width = column.getPrimitiveType().getTypeLength();
    }

    @Override
    void add(RowCursor cursor, int index) {
      BigInteger value = cursor.decimalValue(index).unscaledValue();
      byte[] bytes = bytes(value);
      values.putBytes(bytes, 0, width);
      min = any ? min.min(value) : value;
      max = any ? max.max(value) : value;
      any = true;
    }

    private byte[] bytes(BigInteger value) {
      byte[] significant = value.toByteArray();
      byte[] bytes = new byte[width];
      int padding = width - significant.length;
      Arrays.fill(bytes, 0, padding, (byte) (value.signum() < 0 ? 0xff : 0));
      System.arraycopy(significant, 0, bytes, padding, significant.length);
      return bytes;
    }

    @Override
    Encoding finishPage(Statistics<?> statistics) {
      BinaryStatistics bounds = (BinaryStatistics) statistics;
      bounds.updateStats(Binary.fromConstantByteArray(bytes(min)));
      bounds.updateStats(Binary.fromConstantByteArray(bytes(max)));
      any = false;
      return Encoding.PLAIN;
    }
  }

  /** A column that is 0 in every row: a dictionary of one value, no bytes for the rows. */
  static final class Zeros extends ColumnPages {
    private static final byte[] ZERO = new byte[Integer.BYTES];
    private int count;
    private boolean used;

    Zeros(PageShared shared, ColumnDescriptor column) {
      super(shared, column, -1);
    }

    void append() {
      countRow();
      count++;
    }

    @Override
    void add(RowCursor cursor, int index) {
      throw new IllegalStateException("the column is not in the cursor");
    }

    @Override
    Encoding finishPage(Statistics<?> statistics) {
      values.putByte(0);
      RunLengths.putRun(values, 0, count, 0);
      ((IntStatistics) statistics).setMinMax(0, 0);
      count = 0;
      used = true;
      return DICTIONARY;
    }

    @Override
    @Nullable DictionaryPage takeDictionary() throws IOException {
      if (!used) {
        return null;
      }
      used = false;
      return dictionaryPage(ZERO, ZERO.length, 1);
    }
  }
}
