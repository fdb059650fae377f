// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.view.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The values of one type: its edges, any of them, and as many different ones as are asked for. */
final class SampleValues {
  private static final Instant FIRST_INSTANT = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59.999999Z");
  private static final LocalDate FIRST_DAY = LocalDate.of(1, 1, 1);
  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

  private SampleValues() {}

  /** Values at the limits of a type, and those that programs like to get wrong. */
  static List<Object> edges(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> List.of(true, false);
      case INT -> List.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> List.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L + Integer.MAX_VALUE);
      case FLOAT ->
          List.of(
              0f,
              -0f,
              0.1f,
              Float.MIN_VALUE,
              -Float.MAX_VALUE,
              Float.NaN,
              Float.POSITIVE_INFINITY,
              Float.NEGATIVE_INFINITY);
      case DOUBLE ->
          List.of(
              0d,
              -0d,
              0.1,
              Double.MIN_VALUE,
              -Double.MAX_VALUE,
              Double.NaN,
              Double.POSITIVE_INFINITY,
              Double.NEGATIVE_INFINITY);
      case DECIMAL -> decimalEdges(type);
      case STRING ->
          List.of(
              "",
              " ",
              "NULL",
              "ä € \uD83D\uDE00",
              "\"quoted\" 'quoted' `quoted` \\",
              "line\nbreak\r\ttab\u0001",
              "long ".repeat(2000));
      case BINARY -> List.of(bytes(), bytes(0), bytes(0xFF, 0, 0x80), bytes(new int[1000]));
      case DATE ->
          List.of(
              FIRST_DAY,
              LocalDate.of(1582, 10, 4),
              LocalDate.of(1582, 10, 15),
              LocalDate.of(1900, 2, 28),
              LocalDate.of(1969, 12, 31),
              LocalDate.EPOCH,
              LocalDate.of(2000, 2, 29),
              LAST_DAY);
      case TIMESTAMP ->
          List.of(
              FIRST_INSTANT,
              Instant.parse("1582-10-10T12:00:00Z"),
              Instant.parse("1969-12-31T23:59:59.999999Z"),
              Instant.EPOCH,
              Instant.parse("2024-03-31T01:30:00.000001Z"),
              LAST_INSTANT);
    };
  }

  private static List<Object> decimalEdges(ColumnType type) {
    BigInteger largest = limit(type).subtract(BigInteger.ONE);
    return List.of(
        decimal(BigInteger.ZERO, type),
        decimal(BigInteger.ONE, type),
        decimal(BigInteger.ONE.negate(), type),
        decimal(largest, type),
        decimal(largest.negate(), type));
  }

  /** Any value of a type. */
  static Object any(ColumnType type, Random random) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt();
      case BIGINT -> random.nextLong();
      case FLOAT -> random.nextFloat() * 1000;
      case DOUBLE -> random.nextDouble() * 1000;
      case DECIMAL -> decimal(new BigInteger(130, random).mod(limit(type)), type);
      case STRING -> "text " + random.nextInt(1000);
      case BINARY -> {
        byte[] value = new byte[random.nextInt(20)];
        random.nextBytes(value);
        yield ByteBuffer.wrap(value).asReadOnlyBuffer();
      }
      case DATE -> LocalDate.ofEpochDay(random.nextInt(40_000));
      case TIMESTAMP -> Instant.EPOCH.plus(random.nextLong(1L << 50), ChronoUnit.MICROS);
    };
  }

  /** The value number {@code index} of a type: another one for each index. */
  static Object distinct(ColumnType type, int index) {
    return switch (type.kind()) {
      case INT -> index;
      case BIGINT -> (long) index;
      case DECIMAL -> decimal(BigInteger.valueOf(index), type);
      case STRING -> "row-" + index;
      case BINARY -> ByteBuffer.allocate(4).putInt(0, index).asReadOnlyBuffer();
      case DATE -> LocalDate.EPOCH.plusDays(index);
      case TIMESTAMP -> Instant.EPOCH.plusSeconds(index);
      case BOOLEAN, FLOAT, DOUBLE ->
          throw new IllegalArgumentException("a column of type " + type + " is no key");
    };
  }

  /** The value as rows hold it; {@code byte[]} becomes a {@link ByteBuffer}, which compares. */
  static @Nullable Object check(ColumnType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    Object plain = value instanceof byte[] array ? ByteBuffer.wrap(array.clone()) : value;
    if (!javaType(type).isInstance(plain)) {
      throw new IllegalArgumentException(
          "a "
              + type
              + " is given as "
              + javaType(type).getSimpleName()
              + ", not as "
              + value.getClass().getSimpleName());
    }
    if (plain instanceof Instant instant
        && !instant.equals(instant.truncatedTo(ChronoUnit.MICROS))) {
      throw new IllegalArgumentException("finer than a microsecond: " + instant);
    }
    if (plain instanceof BigDecimal decimal) {
      BigDecimal scaled = decimal.setScale(type.scale());
      if (scaled.precision() > type.precision()) {
        throw new IllegalArgumentException("too many digits for " + type + ": " + decimal);
      }
      return scaled;
    }
    return plain instanceof ByteBuffer buffer ? buffer.asReadOnlyBuffer() : plain;
  }

  private static Class<?> javaType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.class;
      case INT -> Integer.class;
      case BIGINT -> Long.class;
      case FLOAT -> Float.class;
      case DOUBLE -> Double.class;
      case DECIMAL -> BigDecimal.class;
      case STRING -> String.class;
      case BINARY -> ByteBuffer.class;
      case DATE -> LocalDate.class;
      case TIMESTAMP -> Instant.class;
    };
  }

  private static BigInteger limit(ColumnType type) {
    return BigInteger.TEN.pow(type.precision());
  }

  private static BigDecimal decimal(BigInteger unscaled, ColumnType type) {
    if (unscaled.abs().compareTo(limit(type)) >= 0) {
      throw new IllegalArgumentException("too many digits for " + type + ": " + unscaled);
    }
    return new BigDecimal(unscaled, type.scale());
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length);
    for (int value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip().asReadOnlyBuffer();
  }
}
