// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import java.util.Arrays;

/**
 * The distinct values of a column in a row group, as long as they are few: small enough to stay in
 * the processor's cache, no object per value.
 */
final class BytesDictionary {
  static final int MAX_VALUES = 4096;
  static final int MAX_BYTES = 128 * 1024;

  private static final int SLOTS = MAX_VALUES * 4;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final int[] slots = new int[SLOTS];
  private final long[] hashes = new long[MAX_VALUES];
  private final int[] offsets = new int[MAX_VALUES + 1];

  /** The values as a dictionary page has them: each behind its length. */
  private final PageBytes values = new PageBytes(4 * 1024);

  private int size;

  /** The number of a value, a new one if need be; -1 where no more values fit. */
  int indexOf(byte[] bytes, int offset, int length) {
    long hash = hash(bytes, offset, length);
    int slot = (int) (hash >>> 32) & (SLOTS - 1);
    while (slots[slot] != 0) {
      int candidate = slots[slot] - 1;
      if (hashes[candidate] == hash && isValue(candidate, bytes, offset, length)) {
        return candidate;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    return add(slot, hash, bytes, offset, length);
  }

  private boolean isValue(int index, byte[] bytes, int offset, int length) {
    int at = offset(index);
    return Arrays.equals(values.array, at, at + length(index), bytes, offset, offset + length);
  }

  private int add(int slot, long hash, byte[] bytes, int offset, int length) {
    if (size == MAX_VALUES || length > MAX_BYTES - values.size) {
      return -1;
    }
    hashes[size] = hash;
    values.putInt(length);
    values.putBytes(bytes, offset, length);
    slots[slot] = ++size;
    offsets[size] = values.size;
    return size - 1;
  }

  private static long hash(byte[] bytes, int offset, int length) {
    long hash = length;
    int at = offset;
    int left = length;
    for (; left >= Long.BYTES; left -= Long.BYTES, at += Long.BYTES) {
      hash = (hash ^ (long) PageBytes.LONG_LE.get(bytes, at)) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    long tail = 0;
    for (int i = 0; i < left; i++) {
      tail = tail << Byte.SIZE | (bytes[at + i] & 0xff);
    }
    hash = (hash ^ tail) * MULTIPLIER;
    return hash ^ (hash >>> 29);
  }

  int size() {
    return size;
  }

  /** All values, each behind its length in 4 bytes. */
  byte[] bytes() {
    return values.array;
  }

  int byteCount() {
    return values.size;
  }

  /** Where the value begins, behind its length. */
  int offset(int index) {
    return offsets[index] + Integer.BYTES;
  }

  int length(int index) {
    return offsets[index + 1] - offset(index);
  }

  /** The numbers of the least and the greatest value among these; at least one. */
  int[] bounds(int[] indices, int count) {
    boolean[] used = new boolean[size];
    for (int i = 0; i < count; i++) {
      used[indices[i]] = true;
    }
    int min = indices[0];
    int max = indices[0];
    for (int i = 0; i < size; i++) {
      if (used[i]) {
        min = compare(i, min) < 0 ? i : min;
        max = compare(i, max) > 0 ? i : max;
      }
    }
    return new int[] {min, max};
  }

  private int compare(int a, int b) {
    byte[] array = values.array;
    int aAt = offset(a);
    int bAt = offset(b);
    return Arrays.compareUnsigned(array, aAt, aAt + length(a), array, bAt, bAt + length(b));
  }

  void clear() {
    Arrays.fill(slots, 0);
    values.size = 0;
    size = 0;
  }
}
