// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PgNumericTest {
  private static final int OFFSET = 3;

  /**
   * Writes a number as the server does: groups of four digits around the point, no zeros at ends.
   */
  static byte[] encode(BigDecimal number) {
    int scale = Math.floorDiv(number.scale() + 3, 4) * 4;
    BigInteger rest = number.abs().setScale(scale).unscaledValue();
    List<Integer> groups = new ArrayList<>();
    while (rest.signum() > 0) {
      BigInteger[] parts = rest.divideAndRemainder(BigInteger.valueOf(10_000));
      groups.add(0, parts[1].intValue());
      rest = parts[0];
    }
    int weight = groups.size() - 1 - scale / 4;
    while (!groups.isEmpty() && groups.get(groups.size() - 1) == 0) {
      groups.remove(groups.size() - 1);
    }
    ByteBuffer out = ByteBuffer.allocate(OFFSET + 8 + 2 * groups.size()).position(OFFSET);
    out.putShort((short) groups.size()).putShort((short) (groups.isEmpty() ? 0 : weight));
    out.putShort((short) (number.signum() < 0 ? 0x4000 : 0));
    out.putShort((short) Math.max(0, number.scale()));
    groups.forEach(group -> out.putShort(group.shortValue()));
    return out.array();
  }

  @Provide
  Arbitrary<BigDecimal> numbers() {
    Arbitrary<BigInteger> digits =
        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(42).negate(), BigInteger.TEN.pow(42));
    Arbitrary<BigInteger> small =
        Arbitraries.longs().between(-1_000_000L, 1_000_000L).map(BigInteger::valueOf);
    return Combinators.combine(
            Arbitraries.oneOf(digits, small), Arbitraries.integers().between(-45, 45))
        .as(BigDecimal::new);
  }

  @Provide
  Arbitrary<BigDecimal> extremes() {
    return Combinators.combine(
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(25).negate(), BigInteger.TEN.pow(25)),
            Arbitraries.integers().between(-450, 450))
        .as(BigDecimal::new);
  }

  @Property
  void unscaledIsExactOrRefused(
      @ForAll("numbers") BigDecimal number,
      @ForAll @IntRange(min = 1, max = 18) int precision,
      @ForAll @IntRange(min = 0, max = 18) int wantedScale) {
    int scale = Math.min(precision, wantedScale);
    long actual = PgNumeric.unscaledLong(encode(number), OFFSET, precision, scale);
    assertThat(actual).isEqualTo(expected(number, precision, scale));
  }

  @Property
  void unscaledIsExactForEveryNumberThatFits(
      @ForAll long digits, @ForAll @IntRange(min = 0, max = 18) int scale) {
    long unscaled = digits % 1_000_000_000_000_000_000L;
    byte[] encoded = encode(BigDecimal.valueOf(unscaled, scale));
    assertThat(PgNumeric.unscaledLong(encoded, OFFSET, 18, scale)).isEqualTo(unscaled);
  }

  private static long expected(BigDecimal number, int precision, int scale) {
    BigDecimal cut = number.setScale(scale, RoundingMode.DOWN);
    boolean fits = cut.compareTo(number) == 0 && cut.precision() <= precision;
    return fits ? cut.unscaledValue().longValueExact() : PgNumeric.UNFIT;
  }

  @Property
  void decimalIsExactOrRefused(
      @ForAll("numbers") BigDecimal number,
      @ForAll @IntRange(min = 1, max = 38) int precision,
      @ForAll @IntRange(min = 0, max = 38) int wantedScale) {
    int scale = Math.min(precision, wantedScale);
    BigDecimal cut = number.setScale(scale, RoundingMode.DOWN);
    boolean fits = cut.compareTo(number) == 0 && cut.precision() <= precision;
    assertThat(PgNumeric.decimal(encode(number), OFFSET, precision, scale))
        .isEqualTo(fits ? cut : null);
  }

  @Property
  void doublesAreTheNearest(@ForAll("extremes") BigDecimal number) {
    assertThat(PgNumeric.nearestDouble(encode(number), OFFSET))
        .isEqualTo(number.signum() == 0 ? 0.0 : Double.parseDouble(number.toString()));
  }

  @Property
  void doublesOfFewDigitsAreTheNearest(
      @ForAll long digits, @ForAll @IntRange(min = 0, max = 25) int scale) {
    BigDecimal number = BigDecimal.valueOf(digits, scale);
    assertThat(PgNumeric.nearestDouble(encode(number), OFFSET))
        .isEqualTo(number.signum() == 0 ? 0.0 : Double.parseDouble(number.toString()));
  }
}
