// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.StopSignal;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows for tests: as plain values that compare with {@code equals}, and as the {@link RowCursor}
 * that a backend reads.
 *
 * <p><b>Values.</b> {@code null} for NULL, else by the column's type: {@link Boolean}, {@link
 * Integer}, {@link Long}, {@link Float}, {@link Double}, {@link java.math.BigDecimal} of the
 * column's scale, {@link String}, {@link ByteBuffer} for {@code BINARY}, {@link LocalDate}, {@link
 * Instant}.
 *
 * <p>Immutable.
 *
 * @param schema the columns
 * @param rows a list of values for each row, in the order of the columns
 */
public record SampleRows(ViewSchema schema, List<List<@Nullable Object>> rows) {

  /**
   * A column of each type, decimals of 10, 18 and 38 digits among them; the first one, {@code id},
   * serves as a key, the last one, {@code updated_at}, as the timestamp.
   */
  public static final ViewSchema EVERY_TYPE =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("flag", ColumnType.BOOLEAN),
              column("small", ColumnType.INT),
              column("big", ColumnType.BIGINT),
              column("single", ColumnType.FLOAT),
              column("precise", ColumnType.DOUBLE),
              column("price", ColumnType.decimal(10, 2)),
              column("whole", ColumnType.decimal(18, 0)),
              column("wide", ColumnType.decimal(38, 10)),
              column("note", ColumnType.STRING),
              column("raw", ColumnType.BINARY),
              column("day", ColumnType.DATE),
              column("updated_at", ColumnType.TIMESTAMP)));

  /**
   * Copies the rows and checks each value against its column; {@code byte[]} is taken, too.
   *
   * @param schema the columns
   * @param rows a list of values for each row, in the order of the columns
   */
  public SampleRows {
    List<List<@Nullable Object>> checked = new ArrayList<>(rows.size());
    for (List<@Nullable Object> row : rows) {
      checked.add(checkRow(schema, row));
    }
    rows = Collections.unmodifiableList(checked);
  }

  /**
   * Rows given one by one, each made by {@link #row}.
   *
   * @param schema the columns
   * @param rows each with as many values as there are columns
   * @return the rows, in this order
   */
  @SafeVarargs
  @SuppressWarnings("varargs")
  public static SampleRows of(ViewSchema schema, List<@Nullable Object>... rows) {
    return new SampleRows(schema, Arrays.asList(rows));
  }

  /**
   * The values of a row.
   *
   * @param values in the order of the columns, of the classes that {@link SampleRows} names
   * @return a list that may hold {@code null}
   */
  public static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  /**
   * A column whose type at the source has the same name.
   *
   * @param name of the column
   * @param type of its values
   * @return the column
   */
  public static ViewColumn column(String name, ColumnType type) {
    return new ViewColumn(name, type, type.toString().toLowerCase(Locale.ROOT));
  }

  /**
   * Rows of any schema, the same for the same arguments.
   *
   * <p>The first column is a key: never NULL, another value in each row (so it can't be {@code
   * BOOLEAN}, {@code FLOAT} or {@code DOUBLE}). In every other column the first row has NULL, the
   * next ones the edge values of its type (a dozen rows hold them all), the others a mixture.
   *
   * @param schema the columns; the first is the key
   * @param count how many rows
   * @param seed another one gives other values
   * @return the rows
   */
  public static SampleRows generate(ViewSchema schema, int count, long seed) {
    Random random = new Random(seed);
    List<List<@Nullable Object>> rows = new ArrayList<>(count);
    for (int index = 0; index < count; index++) {
      List<@Nullable Object> row = new ArrayList<>(schema.size());
      row.add(SampleValues.distinct(schema.columns().get(0).type(), index));
      for (ViewColumn column : schema.columns().subList(1, schema.size())) {
        row.add(value(column.type(), index, random));
      }
      rows.add(row);
    }
    return new SampleRows(schema, rows);
  }

  /**
   * {@link #generate} for {@link #EVERY_TYPE}.
   *
   * @param count how many rows
   * @param seed another one gives other values
   * @return the rows
   */
  public static SampleRows ofEveryType(int count, long seed) {
    return generate(EVERY_TYPE, count, seed);
  }

  /**
   * Reads a cursor to its end; does not close it.
   *
   * @param cursor before its first row
   * @return the rows, in the order of the cursor
   */
  public static SampleRows read(RowCursor cursor) {
    ViewSchema schema = cursor.schema();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (cursor.next()) {
      List<@Nullable Object> row = new ArrayList<>(schema.size());
      for (int column = 0; column < schema.size(); column++) {
        row.add(cursor.isNull(column) ? null : read(cursor, column));
      }
      rows.add(row);
    }
    return new SampleRows(schema, rows);
  }

  /** {@return the number of rows} */
  public int size() {
    return rows.size();
  }

  /**
   * The values of the column of this name, row by row.
   *
   * @param name a column's, case included
   * @return a list that may hold {@code null}
   */
  public List<@Nullable Object> column(String name) {
    int index = indexOf(name);
    List<@Nullable Object> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(row.get(index)));
    return Collections.unmodifiableList(values);
  }

  /**
   * The rows that satisfy a condition.
   *
   * @param wanted is handed the values of each row
   * @return rows of the same columns
   */
  public SampleRows where(Predicate<List<@Nullable Object>> wanted) {
    return new SampleRows(schema, rows.stream().filter(wanted).toList());
  }

  /**
   * These rows, then those, which have the same columns.
   *
   * @param others rows of the same columns
   * @return all of them, equal ones several times
   */
  public SampleRows plus(SampleRows others) {
    List<List<@Nullable Object>> all = new ArrayList<>(rows);
    all.addAll(others.rows);
    return new SampleRows(schema, all);
  }

  /**
   * The rows of a slice, cut as {@link ViewSlice} says: each row is in exactly one slice of a
   * count.
   *
   * @param slice which part
   * @param key the columns that {@link ViewSlice.KeyHash} hashes
   * @return rows of the same columns
   * @throws IllegalArgumentException for a range of pages: rows in memory have none
   */
  public SampleRows slice(ViewSlice slice, List<String> key) {
    if (slice instanceof ViewSlice.Whole) {
      return this;
    }
    if (slice instanceof ViewSlice.KeyHash hash) {
      int[] columns = key.stream().mapToInt(this::indexOf).toArray();
      return where(row -> sliceOf(row, columns, hash.count()) == hash.index());
    }
    throw new IllegalArgumentException("rows in memory have no pages");
  }

  /**
   * Opens the rows for reading, in their order.
   *
   * @return a cursor before the first row
   */
  public RowCursor open() {
    return new SampleCursor(this, new ManualStop());
  }

  /**
   * Opens the rows for reading, in their order, until told to stop.
   *
   * @param stop asked at each row
   * @return a cursor before the first row
   */
  public RowCursor open(StopSignal stop) {
    return new SampleCursor(this, stop);
  }

  /** The number of the column of this name, which must be there. */
  int indexOf(String name) {
    return schema
        .indexOf(name)
        .orElseThrow(() -> new IllegalArgumentException("no column \"" + name + "\""));
  }

  private static int sliceOf(List<@Nullable Object> row, int[] key, int count) {
    int hash = 1;
    for (int column : key) {
      Object value = row.get(column);
      if (value == null) {
        return 0;
      }
      hash = 31 * hash + value.hashCode();
    }
    return Math.floorMod((hash * 0x9E3779B1) >>> 8, count);
  }

  private static @Nullable Object value(ColumnType type, int index, Random random) {
    List<Object> edges = SampleValues.edges(type);
    if (index <= edges.size()) {
      return index == 0 ? null : edges.get(index - 1);
    }
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1, 2 -> edges.get(random.nextInt(edges.size()));
      default -> SampleValues.any(type, random);
    };
  }

  private static List<@Nullable Object> checkRow(ViewSchema schema, List<@Nullable Object> row) {
    if (row.size() != schema.size()) {
      throw new IllegalArgumentException(
          "a row of " + row.size() + " values for " + schema.size() + " columns");
    }
    List<@Nullable Object> values = new ArrayList<>(row.size());
    for (int column = 0; column < row.size(); column++) {
      values.add(SampleValues.check(schema.columns().get(column).type(), row.get(column)));
    }
    return Collections.unmodifiableList(values);
  }

  private static Object read(RowCursor cursor, int column) {
    return switch (cursor.schema().columns().get(column).type().kind()) {
      case BOOLEAN -> cursor.booleanValue(column);
      case INT -> cursor.intValue(column);
      case BIGINT -> cursor.longValue(column);
      case FLOAT -> cursor.floatValue(column);
      case DOUBLE -> cursor.doubleValue(column);
      case DECIMAL -> cursor.decimalValue(column);
      case STRING -> cursor.stringValue(column);
      case BINARY -> {
        int from = cursor.byteOffset(column);
        yield ByteBuffer.wrap(
            Arrays.copyOfRange(cursor.bytes(column), from, from + cursor.byteLength(column)));
      }
      case DATE -> LocalDate.ofEpochDay(cursor.intValue(column));
      case TIMESTAMP -> Instant.EPOCH.plus(cursor.longValue(column), ChronoUnit.MICROS);
    };
  }
}
