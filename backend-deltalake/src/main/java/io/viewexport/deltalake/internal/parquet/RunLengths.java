// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

/**
 * Parquet's hybrid of run lengths and bit packing.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">Encodings, RLE =
 *     3</a>
 */
final class RunLengths {
  private static final int GROUP = 8;

  private RunLengths() {}

  /** A run of one value. */
  static void putRun(PageBytes to, int value, int count, int bitWidth) {
    to.putVarInt(count << 1);
    for (int shift = 0; shift < bitWidth; shift += Byte.SIZE) {
      to.putByte(value >>> shift);
    }
  }

  /** Single bits that are packed already, lowest first. */
  static void putBits(PageBytes to, byte[] bits, int count) {
    int groups = (count + GROUP - 1) / GROUP;
    to.putVarInt(groups << 1 | 1);
    to.putBytes(bits, 0, groups);
  }

  /** Values, runs of at least 8 as such. */
  static void put(PageBytes to, int[] values, int count, int bitWidth) {
    int packedFrom = 0;
    int at = 0;
    while (at < count) {
      int run = runAt(values, at, count);
      int missing = (GROUP - (at - packedFrom) % GROUP) % GROUP;
      if (run - missing >= GROUP) {
        putPacked(to, values, packedFrom, at + missing, bitWidth);
        putRun(to, values[at], run - missing, bitWidth);
        packedFrom = at + run;
      }
      at += run;
    }
    putPacked(to, values, packedFrom, count, bitWidth);
  }

  private static int runAt(int[] values, int from, int end) {
    int value = values[from];
    int at = from + 1;
    while (at < end && values[at] == value) {
      at++;
    }
    return at - from;
  }

  /** Only the last group of all may be short; it is filled with zeros. */
  private static void putPacked(PageBytes to, int[] values, int from, int end, int bitWidth) {
    if (from == end) {
      return;
    }
    int groups = (end - from + GROUP - 1) / GROUP;
    to.putVarInt(groups << 1 | 1);
    long bits = 0;
    int filled = 0;
    int written = 0;
    for (int i = from; i < end; i++) {
      bits |= (long) values[i] << filled;
      filled += bitWidth;
      while (filled >= Byte.SIZE) {
        to.putByte((int) bits);
        written++;
        bits >>>= Byte.SIZE;
        filled -= Byte.SIZE;
      }
    }
    for (; written < groups * bitWidth; written++) {
      to.putByte((int) bits);
      bits = 0;
    }
  }
}
