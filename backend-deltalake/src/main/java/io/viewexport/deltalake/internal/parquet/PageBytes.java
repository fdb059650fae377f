// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes that grow at their end, little-endian as Parquet wants them. Its fields are open to the
 * package: this is the inside of the hot path.
 */
final class PageBytes {
  static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG_BE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  byte[] array;
  int size;

  PageBytes(int capacity) {
    array = new byte[capacity];
  }

  /** Makes room for so many more bytes. */
  void ensure(int more) {
    if (array.length - size < more) {
      grow(more);
    }
  }

  private void grow(int more) {
    long needed = (long) size + more;
    if (needed > MAX_ARRAY) {
      throw new IllegalStateException("a page can't hold " + needed + " bytes");
    }
    array = Arrays.copyOf(array, (int) Math.min(MAX_ARRAY, Math.max(needed, array.length * 2L)));
  }

  /** Starts again at a position, giving memory back where one large value took much. */
  void restart(int position, int usualCapacity) {
    if (array.length > usualCapacity * 4L) {
      array = new byte[usualCapacity];
    }
    size = position;
  }

  void putByte(int value) {
    ensure(1);
    array[size++] = (byte) value;
  }

  void putInt(int value) {
    ensure(Integer.BYTES);
    INT_LE.set(array, size, value);
    size += Integer.BYTES;
  }

  void putLong(long value) {
    ensure(Long.BYTES);
    LONG_LE.set(array, size, value);
    size += Long.BYTES;
  }

  void putBytes(byte[] from, int offset, int length) {
    ensure(length);
    System.arraycopy(from, offset, array, size, length);
    size += length;
  }

  /** An unsigned number in groups of 7 bits, the lowest first. */
  void putVarInt(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      putByte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    putByte(rest);
  }
}
