// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Rows, one after the other, without an object per value: the hot path of every export.
 *
 * <pre>{@code
 * while (rows.next()) {
 *   if (!rows.isNull(0)) {
 *     out.write(rows.bytes(0), rows.byteOffset(0), rows.byteLength(0));
 *   }
 * }
 * }</pre>
 *
 * <p><b>Shape.</b> Columns are numbered from 0 in the order of {@link #schema()}. Which accessor a
 * column has is said at {@link ColumnType.Kind}; another one, or one of a NULL, gives a value
 * without meaning or throws {@link IllegalStateException}. Rows come in no order.
 *
 * <p><b>Lifetime.</b> What {@link #bytes} returns belongs to the cursor and is valid until the next
 * call of {@link #next()}; it must not be changed.
 *
 * <p><b>Threads.</b> One thread reads. {@link #rowCount()} may be asked by any.
 *
 * <p><b>Who closes.</b> The one who opened it; a backend never closes the cursor it is given.
 */
public interface RowCursor extends AutoCloseable {

  /**
   * The columns.
   *
   * @return the columns, in the order of their numbers
   */
  ViewSchema schema();

  /**
   * Moves to the next row.
   *
   * @return whether there is one; once false, always false
   * @throws io.viewexport.api.ExportException {@code RETRYABLE} where the source broke off, {@code
   *     PERMANENT} where a value can't be read or delivered as its column's type
   * @throws io.viewexport.api.ExportStoppedException when the reading was told to stop
   */
  boolean next();

  /**
   * {@return whether the value is NULL}
   *
   * @param column number of the column, from 0
   */
  boolean isNull(int column);

  /**
   * {@return the value of a {@code BOOLEAN} column}
   *
   * @param column number of the column, from 0
   */
  boolean booleanValue(int column);

  /**
   * {@return the value of an {@code INT} column, or days since 1970-01-01 of a {@code DATE} column}
   *
   * @param column number of the column, from 0
   */
  int intValue(int column);

  /**
   * {@return the value of a {@code BIGINT} column, microseconds since 1970-01-01T00:00:00Z of a
   * {@code TIMESTAMP} column, or the unscaled value of a {@code DECIMAL} column of at most 18
   * digits}
   *
   * @param column number of the column, from 0
   */
  long longValue(int column);

  /**
   * {@return the value of a {@code FLOAT} column}
   *
   * @param column number of the column, from 0
   */
  float floatValue(int column);

  /**
   * {@return the value of a {@code DOUBLE} column}
   *
   * @param column number of the column, from 0
   */
  double doubleValue(int column);

  /**
   * {@return the value of a {@code DECIMAL} column, with the column's scale} Makes an object.
   *
   * @param column number of the column, from 0
   */
  BigDecimal decimalValue(int column);

  /**
   * {@return the array that holds the bytes of a {@code STRING} (UTF-8) or {@code BINARY} value}
   *
   * @param column number of the column, from 0
   */
  byte[] bytes(int column);

  /**
   * {@return where in {@link #bytes} the value begins}
   *
   * @param column number of the column, from 0
   */
  int byteOffset(int column);

  /**
   * {@return how many bytes the value has}
   *
   * @param column number of the column, from 0
   */
  int byteLength(int column);

  /**
   * {@return the value of a {@code STRING} column} Makes an object.
   *
   * @param column number of the column, from 0
   */
  default String stringValue(int column) {
    return new String(
        bytes(column), byteOffset(column), byteLength(column), StandardCharsets.UTF_8);
  }

  /**
   * {@return how many rows {@link #next()} has given so far; any thread may ask and may see it
   * late}
   */
  long rowCount();

  /** Ends the reading and frees what it holds. Any number of times; throws nothing. */
  @Override
  void close();
}
