// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.viewexport.api.view.ColumnType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of columns as SQL and catalogs spell them. */
final class SqlTypes {
  private static final Pattern DECIMAL =
      Pattern.compile("(?:decimal|dec|numeric)\\( ?(\\d{1,2}) ?, ?(\\d{1,2}) ?\\)");
  private static final Map<String, DataType> SIMPLE =
      Map.ofEntries(
          Map.entry("boolean", BooleanType.BOOLEAN),
          Map.entry("byte", ByteType.BYTE),
          Map.entry("tinyint", ByteType.BYTE),
          Map.entry("short", ShortType.SHORT),
          Map.entry("smallint", ShortType.SHORT),
          Map.entry("int", IntegerType.INTEGER),
          Map.entry("integer", IntegerType.INTEGER),
          Map.entry("long", LongType.LONG),
          Map.entry("bigint", LongType.LONG),
          Map.entry("float", FloatType.FLOAT),
          Map.entry("real", FloatType.FLOAT),
          Map.entry("double", DoubleType.DOUBLE),
          Map.entry("string", StringType.STRING),
          Map.entry("string collate utf8_binary", StringType.STRING),
          Map.entry("binary", BinaryType.BINARY),
          Map.entry("date", DateType.DATE),
          Map.entry("timestamp", TimestampType.TIMESTAMP),
          Map.entry("timestamp_ntz", TimestampNTZType.TIMESTAMP_NTZ));

  private static final int MAX_SHOWN = 60;

  private SqlTypes() {}

  /** The type that a catalog means; empty for one that no staged column can go to. */
  static Optional<DataType> parse(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    Matcher decimal = DECIMAL.matcher(plain);
    if (decimal.matches()) {
      return decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    return Optional.ofNullable(SIMPLE.get(plain));
  }

  private static Optional<DataType> decimal(int precision, int scale) {
    boolean valid = precision >= 1 && precision <= ColumnType.MAX_PRECISION && scale <= precision;
    return valid ? Optional.of(new DecimalType(precision, scale)) : Optional.empty();
  }

  /** A catalog's spelling of a type as a message may show it: cut, and without odd characters. */
  static String shown(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9_<>:,() -]", "?");
    return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "...";
  }

  /** How SQL spells a type that {@link #parse} knows. */
  static String sql(DataType type) {
    if (type instanceof DecimalType decimal) {
      return "DECIMAL(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    } else if (type instanceof ByteType) {
      return "TINYINT";
    } else if (type instanceof ShortType) {
      return "SMALLINT";
    } else if (type instanceof IntegerType) {
      return "INT";
    } else if (type instanceof LongType) {
      return "BIGINT";
    }
    return type.toString().toUpperCase(Locale.ROOT);
  }
}
