// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.StopSignal;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads sample rows as strictly as the contract allows: a wrong accessor throws, values begin
 * somewhere inside their array, and the arrays of a row are spoilt by the next one.
 */
final class SampleCursor implements RowCursor {
  private static final int PADDING = 3;
  private static final byte JUNK = (byte) '#';

  private final SampleRows rows;
  private final StopSignal stop;
  private final Map<Integer, byte[]> arrays = new HashMap<>();
  private volatile int position;
  private boolean closed;
  private @Nullable List<@Nullable Object> row;

  SampleCursor(SampleRows rows, StopSignal stop) {
    this.rows = rows;
    this.stop = stop;
  }

  @Override
  public ViewSchema schema() {
    return rows.schema();
  }

  @Override
  public boolean next() {
    if (closed) {
      throw new IllegalStateException("the cursor is closed");
    }
    stop.throwIfStopped();
    spoil();
    int read = position;
    if (read == rows.size()) {
      row = null;
      return false;
    }
    row = rows.rows().get(read);
    position = read + 1;
    return true;
  }

  private void spoil() {
    arrays.values().forEach(array -> Arrays.fill(array, JUNK));
    arrays.clear();
  }

  @Override
  public boolean isNull(int column) {
    return current().get(column) == null;
  }

  @Override
  public boolean booleanValue(int column) {
    return value(column, Boolean.class);
  }

  @Override
  public int intValue(int column) {
    return current().get(column) instanceof LocalDate day
        ? (int) day.toEpochDay()
        : value(column, Integer.class);
  }

  @Override
  public long longValue(int column) {
    Object value = current().get(column);
    if (value instanceof Instant instant) {
      // ChronoUnit.MICROS.between would count nanoseconds, which overflow beyond 292 years.
      return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }
    if (value instanceof BigDecimal decimal
        && schema().columns().get(column).type().precision() <= 18) {
      return decimal.unscaledValue().longValueExact();
    }
    return value(column, Long.class);
  }

  @Override
  public float floatValue(int column) {
    return value(column, Float.class);
  }

  @Override
  public double doubleValue(int column) {
    return value(column, Double.class);
  }

  @Override
  public BigDecimal decimalValue(int column) {
    return value(column, BigDecimal.class);
  }

  @Override
  public byte[] bytes(int column) {
    return arrays.computeIfAbsent(column, this::padded);
  }

  private byte[] padded(int column) {
    byte[] content = content(column);
    byte[] array = new byte[content.length + 2 * PADDING];
    Arrays.fill(array, JUNK);
    System.arraycopy(content, 0, array, PADDING, content.length);
    return array;
  }

  private byte[] content(int column) {
    if (current().get(column) instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteBuffer buffer = value(column, ByteBuffer.class).duplicate();
    byte[] content = new byte[buffer.remaining()];
    buffer.get(content);
    return content;
  }

  @Override
  public int byteOffset(int column) {
    return PADDING;
  }

  @Override
  public int byteLength(int column) {
    return bytes(column).length - 2 * PADDING;
  }

  @Override
  public long rowCount() {
    return position;
  }

  @Override
  public void close() {
    closed = true;
  }

  private List<@Nullable Object> current() {
    if (row == null) {
      throw new IllegalStateException("there is no row");
    }
    return row;
  }

  private <T> T value(int column, Class<T> type) {
    Object value = current().get(column);
    if (!type.isInstance(value)) {
      throw new IllegalStateException(
          "wrong accessor for column "
              + column
              + " of type "
              + schema().columns().get(column).type()
              + (value == null ? ", which is NULL here" : ""));
    }
    return type.cast(value);
  }
}
