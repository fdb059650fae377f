// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The staged keys of one pass, compared byte by byte; entries are numbered from 0. With each key
 * goes what the merge must know of its row. Not safe for many threads.
 */
final class KeyTable {
  private static final int CHUNK_BITS = 20;
  private static final int CHUNK_BYTES = 1 << CHUNK_BITS;
  private static final int LENGTH_BYTES = Integer.BYTES;
  private static final int ENTRY_BYTES = 48;

  private final boolean withContent;
  private final List<byte[]> chunks = new ArrayList<>();
  private int free = CHUNK_BYTES;
  private long keyBytes;
  private int[] slots;
  private int size;
  private int[] hashes;
  private int[] places;
  private long[] ordinals;
  private long[] times;
  private long[] highs;
  private long[] lows;
  private final BitSet matched = new BitSet();

  /**
   * An empty table.
   *
   * @param withContent whether times and content hashes are kept
   */
  KeyTable(int expected, boolean withContent) {
    this.withContent = withContent;
    int entries = Math.max(16, expected);
    slots = emptySlots(entries);
    hashes = new int[entries];
    places = new int[entries];
    ordinals = new long[entries];
    times = new long[withContent ? entries : 0];
    highs = new long[withContent ? entries : 0];
    lows = new long[withContent ? entries : 0];
  }

  /** The bytes that a key of this length takes, all included. */
  static long bytesPerKey(double keyLength) {
    return (long) keyLength + LENGTH_BYTES + ENTRY_BYTES + 24;
  }

  private static int[] emptySlots(int entries) {
    int capacity = Integer.highestOneBit(Math.max(16, (int) (entries * 1.5))) * 2;
    int[] empty = new int[capacity];
    Arrays.fill(empty, -1);
    return empty;
  }

  /** The number of keys. */
  int size() {
    return size;
  }

  /** About the bytes that the table takes. */
  long bytes() {
    return keyBytes + (long) size * ENTRY_BYTES;
  }

  /** The entry of a key; -1 where it is not there. */
  int find(byte[] key, int length, int hash) {
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      int entry = slots[slot];
      if (hashes[entry] == hash && same(places[entry], key, length)) {
        return entry;
      }
    }
    return -1;
  }

  private boolean same(int place, byte[] key, int length) {
    byte[] chunk = chunks.get(place >>> CHUNK_BITS);
    int at = place & (CHUNK_BYTES - 1);
    int stored = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      stored |= (chunk[at + i] & 0xFF) << (i * Byte.SIZE);
    }
    int from = at + LENGTH_BYTES;
    return stored == length && Arrays.equals(chunk, from, from + length, key, 0, length);
  }

  /** Adds a key that is not there. */
  int add(byte[] key, int length, int hash, long ordinal) {
    grow();
    int entry = size++;
    hashes[entry] = hash;
    places[entry] = store(key, length);
    ordinals[entry] = ordinal;
    link(entry);
    return entry;
  }

  private void link(int entry) {
    int mask = slots.length - 1;
    int slot = hashes[entry] & mask;
    while (slots[slot] >= 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = entry;
  }

  private int store(byte[] key, int length) {
    int bytes = length + LENGTH_BYTES;
    if (CHUNK_BYTES - free < bytes) {
      chunks.add(new byte[Math.max(CHUNK_BYTES, bytes)]);
      free = 0;
    }
    byte[] chunk = chunks.get(chunks.size() - 1);
    int at = free;
    for (int i = 0; i < LENGTH_BYTES; i++) {
      chunk[at + i] = (byte) (length >>> (i * Byte.SIZE));
    }
    System.arraycopy(key, 0, chunk, at + LENGTH_BYTES, length);
    free = Math.min(CHUNK_BYTES, at + bytes);
    keyBytes += bytes;
    return ((chunks.size() - 1) << CHUNK_BITS) | at;
  }

  private void grow() {
    if (size == hashes.length) {
      int entries = size + Math.max(16, size / 4);
      hashes = Arrays.copyOf(hashes, entries);
      places = Arrays.copyOf(places, entries);
      ordinals = Arrays.copyOf(ordinals, entries);
      if (withContent) {
        times = Arrays.copyOf(times, entries);
        highs = Arrays.copyOf(highs, entries);
        lows = Arrays.copyOf(lows, entries);
      }
    }
    if (size >= slots.length / 4 * 3) {
      slots = emptySlots(size * 2);
      for (int entry = 0; entry < size; entry++) {
        link(entry);
      }
    }
  }

  /** Sets what the row of a key holds. */
  void content(int entry, long time, long high, long low) {
    times[entry] = time;
    highs[entry] = high;
    lows[entry] = low;
  }

  /** Where the row of a key is staged. */
  long ordinal(int entry) {
    return ordinals[entry];
  }

  /** The time of a key's row. */
  long time(int entry) {
    return times[entry];
  }

  /** Whether the content of a key's row has this hash. */
  boolean sameContent(int entry, long high, long low) {
    return highs[entry] == high && lows[entry] == low;
  }

  /**
   * Notes that the target has the key.
   *
   * @return whether this is the first time
   */
  boolean match(int entry) {
    boolean first = !matched.get(entry);
    matched.set(entry);
    return first;
  }

  /** Whether the target has the key. */
  boolean isMatched(int entry) {
    return matched.get(entry);
  }
}
