// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads PostgreSQL's binary {@code numeric}: four 16-bit fields (number of groups, weight of the
 * first, sign, scale shown), then groups of four decimal digits, each 10,000 times the next.
 *
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/numeric.c">numeric_send</a>
 */
final class PgNumeric {
  /** What {@link #unscaledLong} gives where the value does not fit. */
  static final long UNFIT = Long.MIN_VALUE;

  /** The largest precision whose unscaled values a {@code long} holds. */
  static final int MAX_LONG_PRECISION = 18;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final int HEADER_BYTES = 8;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int POSITIVE_INFINITY = 0xD000;
  private static final int NEGATIVE_INFINITY = 0xF000;

  /** Above this, four digits more make more than {@value #MAX_LONG_PRECISION}. */
  private static final long MAX_BEFORE_GROUP = 99_999_999_999_999L;

  private static final long[] POWERS = powersOfTen();
  private static final double[] EXACT_POWERS = exactPowersOfTen();
  private static final long MAX_EXACT = 1L << 53;

  private PgNumeric() {}

  /**
   * The value times ten to the {@code scale}.
   *
   * @param precision 1 to {@value #MAX_LONG_PRECISION}
   * @return {@link #UNFIT} where it is not finite, has more digits than {@code precision} or is no
   *     whole multiple of the scale's unit
   */
  static long unscaledLong(byte[] bytes, int offset, int precision, int scale) {
    int groups = field(bytes, offset, 0);
    int sign = field(bytes, offset, 4);
    if ((sign & 0x8000) != 0) {
      return UNFIT;
    }
    // The power of ten of a group's unit, counted from the unit of the result.
    int shift = 4 * (short) field(bytes, offset, 2) + scale;
    long value = 0;
    int position = offset + HEADER_BYTES;
    for (int i = 0; i < groups; i++, position += 2, shift -= 4) {
      int group = (short) SHORT.get(bytes, position);
      if (shift >= 0) {
        if (value > MAX_BEFORE_GROUP) {
          return UNFIT;
        }
        value = value * 10_000 + group;
      } else {
        int digits = Math.max(0, 4 + shift);
        int cut = (int) POWERS[4 - digits];
        if (group % cut != 0 || value >= POWERS[MAX_LONG_PRECISION - digits]) {
          return UNFIT;
        }
        value = value * POWERS[digits] + group / cut;
      }
    }
    int rest = shift + 4;
    if (rest > 0 && value != 0) {
      if (rest > MAX_LONG_PRECISION || value >= POWERS[MAX_LONG_PRECISION - rest]) {
        return UNFIT;
      }
      value *= POWERS[rest];
    }
    if (value >= POWERS[precision]) {
      return UNFIT;
    }
    return sign == NEGATIVE ? -value : value;
  }

  /** The value with exactly this scale; null where it does not fit, as {@link #unscaledLong}. */
  static @Nullable BigDecimal decimal(byte[] bytes, int offset, int precision, int scale) {
    if ((field(bytes, offset, 4) & 0x8000) != 0 || farTooLarge(bytes, offset, precision, scale)) {
      return null;
    }
    BigInteger digits = new BigInteger(digits(bytes, offset));
    int shift = exponent(bytes, offset) + scale;
    if (shift >= 0) {
      digits = digits.multiply(BigInteger.TEN.pow(shift));
    } else {
      BigInteger[] parts = digits.divideAndRemainder(BigInteger.TEN.pow(-shift));
      if (parts[1].signum() != 0) {
        return null;
      }
      digits = parts[0];
    }
    BigDecimal value = new BigDecimal(digits, scale);
    if (value.precision() > precision) {
      return null;
    }
    return field(bytes, offset, 4) == NEGATIVE ? value.negate() : value;
  }

  /** The nearest double: infinite above the largest, zero below the smallest. */
  static double nearestDouble(byte[] bytes, int offset) {
    int sign = field(bytes, offset, 4);
    return switch (sign) {
      case NAN -> Double.NaN;
      case POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
      case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
      case NEGATIVE -> -magnitude(bytes, offset);
      default -> magnitude(bytes, offset);
    };
  }

  /** Why {@link #unscaledLong} or {@link #decimal} gave nothing, in words that name no value. */
  static String unfitReason(byte[] bytes, int offset) {
    return switch (field(bytes, offset, 4)) {
      case NAN -> "NaN";
      case POSITIVE_INFINITY, NEGATIVE_INFINITY -> "infinity";
      default -> "a number of too many digits";
    };
  }

  private static double magnitude(byte[] bytes, int offset) {
    int groups = field(bytes, offset, 0);
    int exponent = exponent(bytes, offset);
    if (groups <= 4) {
      long value = 0;
      for (int i = 0; i < groups; i++) {
        value = value * 10_000 + group(bytes, offset, i);
      }
      // One rounding only, since both operands are exact: so the result is the nearest double.
      if (value <= MAX_EXACT && Math.abs(exponent) < EXACT_POWERS.length) {
        return exponent >= 0 ? value * EXACT_POWERS[exponent] : value / EXACT_POWERS[-exponent];
      }
    }
    return Double.parseDouble(digits(bytes, offset) + "E" + exponent);
  }

  /** Spares a number of a hundred thousand digits the arithmetic: it can't fit. */
  private static boolean farTooLarge(byte[] bytes, int offset, int precision, int scale) {
    int groups = field(bytes, offset, 0);
    int weight = (short) field(bytes, offset, 2);
    return groups > 0 && (4 * weight > precision - scale || exponent(bytes, offset) < -scale - 3);
  }

  private static String digits(byte[] bytes, int offset) {
    int groups = field(bytes, offset, 0);
    StringBuilder digits = new StringBuilder(4 * groups + 1).append('0');
    for (int i = 0; i < groups; i++) {
      int group = group(bytes, offset, i);
      digits.append((char) ('0' + group / 1000)).append((char) ('0' + group / 100 % 10));
      digits.append((char) ('0' + group / 10 % 10)).append((char) ('0' + group % 10));
    }
    return digits.toString();
  }

  /** The power of ten of the last group's unit. */
  private static int exponent(byte[] bytes, int offset) {
    int groups = field(bytes, offset, 0);
    return groups == 0 ? 0 : 4 * ((short) field(bytes, offset, 2) - groups + 1);
  }

  private static int group(byte[] bytes, int offset, int index) {
    return (short) SHORT.get(bytes, offset + HEADER_BYTES + 2 * index);
  }

  private static int field(byte[] bytes, int offset, int at) {
    return (short) SHORT.get(bytes, offset + at) & 0xFFFF;
  }

  private static long[] powersOfTen() {
    long[] powers = new long[MAX_LONG_PRECISION + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  /** Ten to the 22nd is the last power that a double holds exactly. */
  private static double[] exactPowersOfTen() {
    double[] powers = new double[23];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }
}
