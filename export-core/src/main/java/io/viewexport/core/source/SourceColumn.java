// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.core.source.CatalogColumn.TypeShape;
import io.viewexport.core.source.PostgresSourceConfig.UnconstrainedNumeric;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column that can be exported: what it is delivered as, and how it travels.
 *
 * @param column name and type for the reader
 * @param wire the binary form in which COPY sends it
 * @param travel the conversion that gives it that form
 * @param keyText the conversion to the text that is hashed when it is a key
 * @param baseType the oid of its type, domains resolved
 * @param comparesBytes whether it is a text that equals no text of other bytes
 */
record SourceColumn(
    ViewColumn column,
    Wire wire,
    Travel travel,
    Travel keyText,
    int baseType,
    boolean comparesBytes) {
  static final int DATE_OID = 1082;
  static final int TIMESTAMP_OID = 1114;
  static final int TIMESTAMPTZ_OID = 1184;
  private static final int NUMERIC_OID = 1700;
  private static final int TEXT_OID = 25;
  private static final int VARCHAR_OID = 1043;

  private static final Travel TEXT = cast("text");
  private static final Travel FLOAT_KEY =
      // Negative zero equals zero, so it belongs into the same slice.
      new Travel("((", " + 0)::pg_catalog.text)");
  private static final Travel NUMERIC_KEY =
      // 1.0 equals 1.00, so they belong into the same slice.
      new Travel("pg_catalog.trim_scale(", "::pg_catalog.numeric)::pg_catalog.text");
  private static final Travel TIMESTAMPTZ_KEY =
      new Travel("pg_catalog.timezone('UTC', ", "::pg_catalog.timestamptz)::pg_catalog.text");

  /** The binary forms that the cursor reads. */
  enum Wire {
    BOOL,
    INT2,
    INT4,
    INT8,
    FLOAT4,
    FLOAT8,
    /** {@code numeric} into an unscaled long. */
    SHORT_DECIMAL,
    /** {@code numeric} into a {@link java.math.BigDecimal}. */
    LONG_DECIMAL,
    /** {@code numeric} into the nearest double. */
    NUMERIC,
    DATE,
    TIMESTAMP,
    /** Text or bytes: as they are. */
    BYTES
  }

  /** What is written before and after a column's quoted name. */
  record Travel(String before, String after) {
    String of(String expression) {
      return before + expression + after;
    }
  }

  /** How a column of the catalog is exported; empty: its type can't be. */
  static Optional<SourceColumn> of(CatalogColumn from, PostgresSourceConfig config) {
    if (from.shape() == TypeShape.ARRAY) {
      Travel json = new Travel("pg_catalog.to_json(", ")::pg_catalog.text");
      return Optional.of(column(from, ColumnType.STRING, Wire.BYTES, json, TEXT));
    }
    if (from.shape() != TypeShape.BUILT_IN_OR_OTHER) {
      return Optional.of(text(from));
    }
    return Optional.ofNullable(builtIn(from, config));
  }

  // The casts also pin the form on the wire: should the view be replaced after its columns were
  // looked up, COPY still sends what the cursor reads, or fails.
  private static @Nullable SourceColumn builtIn(CatalogColumn from, PostgresSourceConfig config) {
    return switch (from.baseType()) {
      case 16 -> column(from, ColumnType.BOOLEAN, Wire.BOOL, cast("bool"), TEXT);
      case 21 -> column(from, ColumnType.INT, Wire.INT2, cast("int2"), TEXT);
      case 23 -> column(from, ColumnType.INT, Wire.INT4, cast("int4"), TEXT);
      case 20 -> column(from, ColumnType.BIGINT, Wire.INT8, cast("int8"), TEXT);
      case 700 -> column(from, ColumnType.FLOAT, Wire.FLOAT4, cast("float4"), FLOAT_KEY);
      case 701 -> column(from, ColumnType.DOUBLE, Wire.FLOAT8, cast("float8"), FLOAT_KEY);
      case NUMERIC_OID -> numeric(from, config);
      case 17 -> column(from, ColumnType.BINARY, Wire.BYTES, cast("bytea"), TEXT);
      // A cast of char(n) to text would cut its padding off.
      case 1042 -> column(from, ColumnType.STRING, Wire.BYTES, cast("bpchar"), TEXT);
      // text, varchar, uuid, json, jsonb, time, timetz, interval
      case TEXT_OID, VARCHAR_OID, 2950, 114, 3802, 1083, 1266, 1186 -> text(from);
      case DATE_OID -> column(from, ColumnType.DATE, Wire.DATE, cast("date"), TEXT);
      case TIMESTAMP_OID ->
          column(from, ColumnType.TIMESTAMP, Wire.TIMESTAMP, cast("timestamp"), TEXT);
      case TIMESTAMPTZ_OID ->
          column(from, ColumnType.TIMESTAMP, Wire.TIMESTAMP, cast("timestamptz"), TIMESTAMPTZ_KEY);
      default -> null;
    };
  }

  /** This column, delivered as another type; empty where it can't be. */
  Optional<SourceColumn> as(ColumnType type) {
    if (column.type().equals(type)) {
      return Optional.of(this);
    }
    if (!column.type().canBeReadAs(type)) {
      return Optional.empty();
    }
    ViewColumn other = new ViewColumn(column.name(), type, column.sourceType());
    return Optional.of(
        switch (column.type().kind()) {
          case INT -> delivered(other, Wire.INT8, cast("int8"));
          case FLOAT -> delivered(other, Wire.FLOAT8, cast("float8"));
          default -> delivered(other, Wire.NUMERIC, travel);
        });
  }

  private SourceColumn delivered(ViewColumn as, Wire by, Travel how) {
    return new SourceColumn(as, by, how, keyText, baseType, comparesBytes);
  }

  private static SourceColumn numeric(CatalogColumn from, PostgresSourceConfig config) {
    ColumnType decimal = decimalType(from.modifier());
    if (decimal != null) {
      Wire wire =
          decimal.precision() <= PgNumeric.MAX_LONG_PRECISION
              ? Wire.SHORT_DECIMAL
              : Wire.LONG_DECIMAL;
      return column(from, decimal, wire, cast("numeric"), NUMERIC_KEY);
    }
    return config.unconstrainedNumeric() == UnconstrainedNumeric.STRING
        ? column(from, ColumnType.STRING, Wire.BYTES, TEXT, NUMERIC_KEY)
        : column(from, ColumnType.DOUBLE, Wire.NUMERIC, cast("numeric"), NUMERIC_KEY);
  }

  /** {@code numeric(p,s)}, where s may be negative or above p; null where 38 digits don't do. */
  private static @Nullable ColumnType decimalType(int modifier) {
    if (modifier < 4) {
      return null;
    }
    int precision = ((modifier - 4) >> 16) & 0xFFFF;
    int scale = (((modifier - 4) & 0x7FF) ^ 0x400) - 0x400; // eleven bits with a sign
    int digits = scale < 0 ? precision - scale : Math.max(precision, scale);
    return digits > ColumnType.MAX_PRECISION
        ? null
        : ColumnType.decimal(digits, Math.max(0, scale));
  }

  private static SourceColumn text(CatalogColumn from) {
    return column(from, ColumnType.STRING, Wire.BYTES, TEXT, TEXT);
  }

  private static Travel cast(String type) {
    return new Travel("", "::pg_catalog." + type);
  }

  private static SourceColumn column(
      CatalogColumn from, ColumnType type, Wire wire, Travel travel, Travel keyText) {
    ViewColumn column = new ViewColumn(from.name(), type, from.sourceType());
    boolean isText = from.baseType() == TEXT_OID || from.baseType() == VARCHAR_OID;
    return new SourceColumn(
        column, wire, travel, keyText, from.baseType(), isText && from.equalsBytes());
  }
}
