// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.view.RowCursor;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;

/** The text forms of values that JSON has no form for. */
final class ValueText {
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1000;

  private ValueText() {}

  /** {@code 2024-02-29}. */
  static String day(RowCursor row, int column) {
    return LocalDate.ofEpochDay(row.intValue(column)).toString();
  }

  /** {@code 2024-02-29T12:00:00Z}, with 3 or 6 digits of the second where they are not 0. */
  static String time(RowCursor row, int column) {
    long micros = row.longValue(column);
    long second = Math.floorDiv(micros, MICROS_PER_SECOND);
    int rest = Math.floorMod(micros, MICROS_PER_SECOND);
    return Instant.ofEpochSecond(second, (long) rest * NANOS_PER_MICRO).toString();
  }

  /** Base64 with padding, no line breaks. */
  static String base64(RowCursor row, int column) {
    int from = row.byteOffset(column);
    byte[] value = Arrays.copyOfRange(row.bytes(column), from, from + row.byteLength(column));
    return Base64.getEncoder().encodeToString(value);
  }
}
