// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Short values that are still bounds of long ones, in the order of unsigned bytes, which for UTF-8
 * is the order of code points.
 */
public final class Bounds {
  private static final int MIN_SURROGATE = 0xD800;
  private static final int MAX_SURROGATE = 0xDFFF;

  private Bounds() {}

  /** A value of at most so many bytes that is not greater; text stays text. */
  static byte[] floor(byte[] value, int maxBytes, boolean text) {
    return value.length <= maxBytes ? value : Arrays.copyOf(value, cut(value, maxBytes, text));
  }

  /** A value that is not less, of about so many bytes where there is one; text stays text. */
  static byte[] ceiling(byte[] value, int maxBytes, boolean text) {
    if (value.length <= maxBytes) {
      return value;
    }
    return text ? textCeiling(value, maxBytes) : byteCeiling(value, maxBytes);
  }

  private static int cut(byte[] value, int maxBytes, boolean text) {
    int end = maxBytes;
    while (text && end > 0 && (value[end] & 0xC0) == 0x80) {
      end--;
    }
    return end;
  }

  private static byte[] byteCeiling(byte[] value, int maxBytes) {
    for (int last = maxBytes - 1; last >= 0; last--) {
      if (value[last] != (byte) 0xff) {
        byte[] bound = Arrays.copyOf(value, last + 1);
        bound[last]++;
        return bound;
      }
    }
    return value;
  }

  private static byte[] textCeiling(byte[] value, int maxBytes) {
    String prefix = new String(value, 0, cut(value, maxBytes, true), StandardCharsets.UTF_8);
    String next = successor(prefix);
    return next.isEmpty() ? value : next.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The least text of at most as many characters that is greater than every text that begins so;
   * empty where there is none.
   */
  public static String successor(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      int start = end - Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1;
        int valid = next >= MIN_SURROGATE && next <= MAX_SURROGATE ? MAX_SURROGATE + 1 : next;
        return prefix.substring(0, start) + Character.toString(valid);
      }
      end = start;
    }
    return "";
  }
}
