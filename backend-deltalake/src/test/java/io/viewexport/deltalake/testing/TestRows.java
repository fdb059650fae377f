// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A cursor over rows made on the fly: values by type as the accessors give them, bytes or text. */
public final class TestRows implements RowCursor {
  private final ViewSchema schema;
  private final long count;
  private final LongFunction<@Nullable Object[]> rows;
  private @Nullable Object[] row = {};
  private long given;

  private TestRows(ViewSchema schema, long count, LongFunction<@Nullable Object[]> rows) {
    this.schema = schema;
    this.count = count;
    this.rows = rows;
  }

  /** So many rows, made by their number from 0. */
  public static TestRows of(ViewSchema schema, long count, LongFunction<@Nullable Object[]> rows) {
    return new TestRows(schema, count, rows);
  }

  /** These rows. */
  public static TestRows of(ViewSchema schema, List<@Nullable Object[]> rows) {
    return new TestRows(schema, rows.size(), number -> rows.get((int) number));
  }

  /** A schema of names and types, one after the other. */
  public static ViewSchema schema(Object... namesAndTypes) {
    List<ViewColumn> columns = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      ColumnType type = (ColumnType) namesAndTypes[i + 1];
      columns.add(new ViewColumn((String) namesAndTypes[i], type, type.toString()));
    }
    return new ViewSchema(columns);
  }

  /** A row. */
  public static @Nullable Object[] row(@Nullable Object... values) {
    return Arrays.copyOf(values, values.length);
  }

  @Override
  public ViewSchema schema() {
    return schema;
  }

  @Override
  public boolean next() {
    if (given == count) {
      return false;
    }
    row = rows.apply(given++);
    return true;
  }

  private Object value(int column) {
    return Objects.requireNonNull(row[column], "NULL");
  }

  @Override
  public boolean isNull(int column) {
    return row[column] == null;
  }

  @Override
  public boolean booleanValue(int column) {
    return (Boolean) value(column);
  }

  @Override
  public int intValue(int column) {
    return (Integer) value(column);
  }

  @Override
  public long longValue(int column) {
    return value(column) instanceof BigDecimal exact
        ? exact.unscaledValue().longValueExact()
        : (Long) value(column);
  }

  @Override
  public float floatValue(int column) {
    return (Float) value(column);
  }

  @Override
  public double doubleValue(int column) {
    return (Double) value(column);
  }

  @Override
  public BigDecimal decimalValue(int column) {
    return (BigDecimal) value(column);
  }

  @Override
  public byte[] bytes(int column) {
    byte[] plain =
        value(column) instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : (byte[]) value(column);
    byte[] shifted = new byte[plain.length + 1];
    System.arraycopy(plain, 0, shifted, 1, plain.length);
    return shifted;
  }

  @Override
  public int byteOffset(int column) {
    return 1;
  }

  @Override
  public int byteLength(int column) {
    return bytes(column).length - 1;
  }

  @Override
  public long rowCount() {
    return given;
  }

  @Override
  public void close() {}
}
