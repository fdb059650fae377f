// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.Objects;

/**
 * The type of a column's values, independent of any database or table format.
 *
 * @param kind what the values are and how {@link RowCursor} gives them
 * @param precision for {@code DECIMAL} the number of digits, 1 to 38; else 0
 * @param scale for {@code DECIMAL} the number of digits after the point, 0 to {@code precision};
 *     else 0
 */
public record ColumnType(Kind kind, int precision, int scale) {

  /** The largest precision of a decimal. */
  public static final int MAX_PRECISION = 38;

  /** True or false. */
  public static final ColumnType BOOLEAN = new ColumnType(Kind.BOOLEAN, 0, 0);

  /** A 32-bit integer. */
  public static final ColumnType INT = new ColumnType(Kind.INT, 0, 0);

  /** A 64-bit integer. */
  public static final ColumnType BIGINT = new ColumnType(Kind.BIGINT, 0, 0);

  /** A 32-bit IEEE 754 number. */
  public static final ColumnType FLOAT = new ColumnType(Kind.FLOAT, 0, 0);

  /** A 64-bit IEEE 754 number. */
  public static final ColumnType DOUBLE = new ColumnType(Kind.DOUBLE, 0, 0);

  /** Text, as UTF-8. */
  public static final ColumnType STRING = new ColumnType(Kind.STRING, 0, 0);

  /** Bytes. */
  public static final ColumnType BINARY = new ColumnType(Kind.BINARY, 0, 0);

  /** A day, years 1 to 9999, proleptic Gregorian. */
  public static final ColumnType DATE = new ColumnType(Kind.DATE, 0, 0);

  /** An instant in microseconds, years 1 to 9999, proleptic Gregorian. */
  public static final ColumnType TIMESTAMP = new ColumnType(Kind.TIMESTAMP, 0, 0);

  /** What values are, and which accessor of {@link RowCursor} gives them. */
  public enum Kind {
    /** {@link RowCursor#booleanValue}. */
    BOOLEAN,
    /** {@link RowCursor#intValue}. */
    INT,
    /** {@link RowCursor#longValue}. */
    BIGINT,
    /** {@link RowCursor#floatValue}. */
    FLOAT,
    /** {@link RowCursor#doubleValue}. */
    DOUBLE,
    /**
     * {@link RowCursor#longValue} as the unscaled value where the precision is at most 18, {@link
     * RowCursor#decimalValue} always.
     */
    DECIMAL,
    /**
     * {@link RowCursor#bytes}, {@link RowCursor#byteOffset}, {@link RowCursor#byteLength}: UTF-8.
     */
    STRING,
    /** {@link RowCursor#bytes}, {@link RowCursor#byteOffset}, {@link RowCursor#byteLength}. */
    BINARY,
    /** {@link RowCursor#intValue}: days since 1970-01-01. */
    DATE,
    /** {@link RowCursor#longValue}: microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP
  }

  /**
   * Checks precision and scale.
   *
   * @param kind what the values are and how {@link RowCursor} gives them
   * @param precision for {@code DECIMAL} the number of digits, 1 to 38
   * @param scale for {@code DECIMAL} the number of digits after the point, 0 to {@code precision}
   */
  public ColumnType {
    Objects.requireNonNull(kind, "kind");
    boolean valid =
        kind == Kind.DECIMAL
            ? precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision
            : precision == 0 && scale == 0;
    if (!valid) {
      throw new IllegalArgumentException(
          "no such type: " + kind + "(" + precision + "," + scale + ")");
    }
  }

  /**
   * An exact number of {@code precision} digits, {@code scale} of them after the point.
   *
   * @param precision number of digits, 1 to {@value #MAX_PRECISION}
   * @param scale number of digits after the point, 0 to {@code precision}
   * @return the type
   */
  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(Kind.DECIMAL, precision, scale);
  }

  /**
   * Whether every source can deliver a column of this type as another: an integer as a wider one, a
   * float as a double, a decimal as the nearest double, and each as itself.
   *
   * @param other the type that is wanted
   * @return whether a column of this type can be had as that one, without loss but for decimals
   */
  public boolean canBeReadAs(ColumnType other) {
    return equals(other)
        || (kind == Kind.INT && other.kind == Kind.BIGINT)
        || ((kind == Kind.FLOAT || kind == Kind.DECIMAL) && other.kind == Kind.DOUBLE);
  }

  /** {@code BIGINT}, {@code DECIMAL(10,2)}: for messages and logs. */
  @Override
  public String toString() {
    return kind == Kind.DECIMAL ? "DECIMAL(" + precision + "," + scale + ")" : kind.name();
  }
}
