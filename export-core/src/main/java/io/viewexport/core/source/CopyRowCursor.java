// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static io.viewexport.core.source.PgNumeric.UNFIT;

import io.viewexport.api.ExportException;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.core.source.PostgresSourceConfig.OutOfRange;
import io.viewexport.core.source.SourceColumn.Wire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * Rows out of a binary COPY: remembers where the current row's fields lie in the driver's buffer
 * and decodes what is asked for. Only what may be refused (dates, timestamps, decimals) is looked
 * at while moving to the row.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, binary format</a>
 */
final class CopyRowCursor implements RowCursor {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle ROWS = rowsHandle();

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };
  private static final int HEADER_BYTES = SIGNATURE.length + 8;

  // PostgreSQL counts from 2000-01-01, the cursor's contract from 1970-01-01.
  private static final int EPOCH_DAYS = 10_957;
  private static final long EPOCH_MICROS = 946_684_800_000_000L;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int FIRST_DAY = -719_162 - EPOCH_DAYS;
  private static final int LAST_DAY = 2_932_896 - EPOCH_DAYS;
  private static final long FIRST_MICRO = FIRST_DAY * MICROS_PER_DAY;
  private static final long LAST_MICRO = (LAST_DAY + 1) * MICROS_PER_DAY - 1;

  /** What {@link #parse} found. */
  private enum Found {
    ROW,
    END,
    PART_OF_A_ROW
  }

  private final ViewName view;
  private final ViewSchema schema;
  private final SourceConnection source;
  private final QueryCancel cancel;
  private final CopyOut copy;
  private final OutOfRange outOfRange;

  private final Wire[] wires;
  private final int[] checked;
  private final int[] offsets;
  private final int[] lengths;
  private final long[] unscaled;
  private final @Nullable BigDecimal[] decimals;
  private final int[] intBias;
  private final long[] longBias;

  private byte[] buffer = new byte[0];
  private int position;
  private boolean started;
  private boolean ended;
  private boolean released;
  private @Nullable RuntimeException failure;

  @SuppressWarnings("UnusedVariable") // written and read by ROWS
  private long rows;

  /** Takes over the connection and the COPY that runs on it; {@link #close} gives it back. */
  CopyRowCursor(RowShape shape, SourceConnection source, QueryCancel cancel, CopyOut copy) {
    this.view = shape.view;
    this.schema = shape.schema;
    this.outOfRange = shape.outOfRange;
    this.source = source;
    this.cancel = cancel;
    this.copy = copy;
    int size = shape.wires.size();
    wires = shape.wires.toArray(Wire[]::new);
    checked = IntStream.range(0, size).filter(i -> isChecked(wires[i])).toArray();
    offsets = new int[size];
    lengths = new int[size];
    unscaled = new long[size];
    decimals = new @Nullable BigDecimal[size];
    intBias = new int[size];
    longBias = new long[size];
    for (int i = 0; i < size; i++) {
      intBias[i] = wires[i] == Wire.DATE ? EPOCH_DAYS : 0;
      longBias[i] = wires[i] == Wire.TIMESTAMP ? EPOCH_MICROS : 0;
    }
  }

  /**
   * What the rows look like.
   *
   * @param wires in what form the columns of {@code schema} come, in its order
   */
  record RowShape(ViewName view, ViewSchema schema, List<Wire> wires, OutOfRange outOfRange) {}

  @Override
  public ViewSchema schema() {
    return schema;
  }

  @Override
  public boolean next() {
    if (released) {
      return afterRelease();
    }
    try {
      if (cancel.requested()) {
        throw cancel.stopped();
      }
      if (!advance()) {
        ended = true;
        release();
        return false;
      }
      check();
    } catch (SQLException e) {
      throw fail(
          cancel.requested() ? cancel.stopped() : PostgresFailures.translate(e, "View " + view));
    } catch (RuntimeException e) {
      throw fail(e);
    }
    ROWS.setOpaque(this, rows + 1);
    return true;
  }

  private boolean afterRelease() {
    if (ended) {
      return false;
    }
    if (failure != null) {
      throw failure;
    }
    throw new IllegalStateException("the cursor is closed");
  }

  private RuntimeException fail(RuntimeException thrown) {
    failure = thrown;
    release();
    return thrown;
  }

  /** Moves to the next row in the buffer, or fetches; false at the COPY's end. */
  private boolean advance() throws SQLException {
    if (position == buffer.length) {
      buffer = fetch();
      position = 0;
    }
    while (true) {
      if (started || skipHeader()) {
        switch (parse()) {
          case ROW -> {
            return true;
          }
          case END -> {
            drain();
            return false;
          }
          case PART_OF_A_ROW -> {}
        }
      }
      append(fetch());
    }
  }

  private byte[] fetch() throws SQLException {
    byte[] message = copy.readFromCopy();
    if (message == null) {
      throw ExportException.retryable(
          "source-incomplete", "The rows of view " + view + " ended early.", null);
    }
    return message;
  }

  /** The server sends one row a message; the protocol lets it, or a proxy, cut elsewhere. */
  private void append(byte[] message) {
    byte[] rest = Arrays.copyOfRange(buffer, position, buffer.length + message.length);
    System.arraycopy(message, 0, rest, buffer.length - position, message.length);
    buffer = rest;
    position = 0;
  }

  private boolean skipHeader() {
    if (buffer.length < HEADER_BYTES) {
      return false;
    }
    int flags = (int) INT.get(buffer, SIGNATURE.length);
    if (!Arrays.equals(buffer, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)
        || flags >>> 16 != 0) {
      throw malformed();
    }
    int end = HEADER_BYTES + (int) INT.get(buffer, SIGNATURE.length + 4);
    if (end < HEADER_BYTES) {
      throw malformed();
    }
    if (buffer.length < end) {
      return false;
    }
    position = end;
    started = true;
    return true;
  }

  private Found parse() {
    byte[] bytes = buffer;
    int at = position;
    int end = bytes.length;
    if (end - at < 2) {
      return Found.PART_OF_A_ROW;
    }
    int fields = (short) SHORT.get(bytes, at);
    at += 2;
    if (fields != lengths.length) {
      if (fields == -1) {
        return Found.END;
      }
      throw malformed();
    }
    for (int i = 0; i < fields; i++) {
      if (end - at < 4) {
        return Found.PART_OF_A_ROW;
      }
      int length = (int) INT.get(bytes, at);
      at += 4;
      offsets[i] = at;
      lengths[i] = length;
      if (length > 0) {
        if (length > end - at) {
          return Found.PART_OF_A_ROW;
        }
        at += length;
      }
    }
    position = at;
    return Found.ROW;
  }

  /** Reads what ends the COPY, so that the connection is free. */
  private void drain() throws SQLException {
    while (copy.readFromCopy() != null) {
      // nothing but the protocol's own end may follow the last row
      throw malformed();
    }
  }

  private ExportException malformed() {
    return ExportException.permanent(
        "source-malformed",
        "What the database sent for view " + view + " is no binary COPY of its columns.",
        null);
  }

  private static boolean isChecked(Wire wire) {
    return switch (wire) {
      case DATE, TIMESTAMP, SHORT_DECIMAL, LONG_DECIMAL -> true;
      case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, BYTES -> false;
    };
  }

  private void check() {
    for (int column : checked) {
      if (lengths[column] >= 0) {
        check(column);
      }
    }
  }

  private void check(int column) {
    int offset = offsets[column];
    switch (wires[column]) {
      case DATE -> {
        int days = (int) INT.get(buffer, offset);
        if (days < FIRST_DAY || days > LAST_DAY) {
          outOfRange(column);
        }
      }
      case TIMESTAMP -> {
        long micros = (long) LONG.get(buffer, offset);
        if (micros < FIRST_MICRO || micros > LAST_MICRO) {
          outOfRange(column);
        }
      }
      case SHORT_DECIMAL -> {
        var type = schema.columns().get(column).type();
        long value = PgNumeric.unscaledLong(buffer, offset, type.precision(), type.scale());
        if (value == UNFIT) {
          throw unfit(column);
        }
        unscaled[column] = value;
      }
      case LONG_DECIMAL -> {
        var type = schema.columns().get(column).type();
        BigDecimal value = PgNumeric.decimal(buffer, offset, type.precision(), type.scale());
        if (value == null) {
          throw unfit(column);
        }
        decimals[column] = value;
      }
      case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, BYTES -> {}
    }
  }

  private void outOfRange(int column) {
    if (outOfRange == OutOfRange.FAIL) {
      throw ExportException.permanent(
          "value-out-of-range",
          ofColumn(column)
              + " holds an infinite date or time, or one outside the years 1 to 9999; correct the"
              + " data, or choose to export such values as NULL.",
          null);
    }
    lengths[column] = -1;
  }

  private ExportException unfit(int column) {
    return ExportException.permanent(
        "value-out-of-range",
        ofColumn(column)
            + " holds "
            + PgNumeric.unfitReason(buffer, offsets[column])
            + ", which "
            + schema.columns().get(column).type()
            + " can't; correct the data, or cast the column to double precision or text.",
        null);
  }

  private String ofColumn(int column) {
    return "Column \"" + schema.columns().get(column).name() + "\" of view " + view;
  }

  @Override
  public boolean isNull(int column) {
    return lengths[column] < 0;
  }

  @Override
  public boolean booleanValue(int column) {
    return buffer[offsets[column]] != 0;
  }

  @Override
  public int intValue(int column) {
    int offset = offsets[column];
    return lengths[column] == 2
        ? (short) SHORT.get(buffer, offset)
        : (int) INT.get(buffer, offset) + intBias[column];
  }

  @Override
  public long longValue(int column) {
    return wires[column] == Wire.SHORT_DECIMAL
        ? unscaled[column]
        : (long) LONG.get(buffer, offsets[column]) + longBias[column];
  }

  @Override
  public float floatValue(int column) {
    return Float.intBitsToFloat((int) INT.get(buffer, offsets[column]));
  }

  @Override
  public double doubleValue(int column) {
    return wires[column] == Wire.NUMERIC
        ? PgNumeric.nearestDouble(buffer, offsets[column])
        : Double.longBitsToDouble((long) LONG.get(buffer, offsets[column]));
  }

  @Override
  public BigDecimal decimalValue(int column) {
    return switch (wires[column]) {
      case SHORT_DECIMAL ->
          BigDecimal.valueOf(unscaled[column], schema.columns().get(column).type().scale());
      case LONG_DECIMAL -> Objects.requireNonNull(decimals[column]);
      case BOOL, INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, DATE, TIMESTAMP, BYTES ->
          throw new IllegalStateException("column " + column + " is no DECIMAL");
    };
  }

  @Override
  public byte[] bytes(int column) {
    return buffer;
  }

  @Override
  public int byteOffset(int column) {
    return offsets[column];
  }

  @Override
  public int byteLength(int column) {
    return lengths[column];
  }

  @Override
  public long rowCount() {
    return (long) ROWS.getOpaque(this);
  }

  @Override
  public void close() {
    release();
  }

  private void release() {
    if (!released) {
      released = true;
      cancel.end();
      source.giveBack(copy);
    }
  }

  private static VarHandle rowsHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(CopyRowCursor.class, "rows", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
