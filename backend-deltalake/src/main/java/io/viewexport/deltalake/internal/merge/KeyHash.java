// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit hash of bytes under a seed that nobody outside knows. Not safe for many threads: the
 * last result is in {@link #high} and {@link #low}.
 */
final class KeyHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xC2B2AE3D27D4EB4FL;

  private final long seedHigh;
  private final long seedLow;
  private long high;
  private long low;

  KeyHash(long seedHigh, long seedLow) {
    this.seedHigh = seedHigh;
    this.seedLow = seedLow;
  }

  /** The upper half of the last hash. */
  long high() {
    return high;
  }

  /** The lower half of the last hash. */
  long low() {
    return low;
  }

  /** Hashes the first bytes of a buffer. */
  void update(byte[] bytes, int length) {
    long a = seedHigh;
    long b = seedLow;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      a = Long.rotateLeft(a ^ word * FIRST, 31) * SECOND + b;
      b = Long.rotateLeft(b ^ mix(word + seedHigh), 29) * FIRST + a;
    }
    long tail = 0;
    for (int shift = 0; at < length; at++, shift += Byte.SIZE) {
      tail |= (bytes[at] & 0xFFL) << shift;
    }
    a ^= mix(tail + seedLow) + length * SECOND;
    b ^= mix(tail ^ seedHigh) + length * FIRST;
    high = mix(a + Long.rotateLeft(b, 17));
    low = mix(b + Long.rotateLeft(high, 41));
  }

  /** Spreads every bit of a word over all of them, reversibly. */
  static long mix(long word) {
    long mixed = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
