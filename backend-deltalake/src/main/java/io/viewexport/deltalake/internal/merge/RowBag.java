// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongConsumer;

/**
 * The staged rows of one pass of mode {@code replace}: a multiset of pairs of key and content. Not
 * safe for many threads.
 */
final class RowBag {
  private static final int NONE = -1;

  private int[] slots = new int[64];
  private int[] keys = new int[16];
  private long[] highs = new long[16];
  private long[] lows = new long[16];
  private long[] ordinals = new long[16];
  private int[] next = new int[16];
  private int[] heads = new int[16];
  private final BitSet taken = new BitSet();
  private int size;

  RowBag() {
    Arrays.fill(slots, NONE);
  }

  /** About the bytes that the rows take. */
  long bytes() {
    return size * 60L;
  }

  /** Adds a row. */
  void add(int key, long high, long low, long ordinal) {
    grow();
    int row = size++;
    keys[row] = key;
    highs[row] = high;
    lows[row] = low;
    ordinals[row] = ordinal;
    int slot = slot(key, high, low);
    if (slots[slot] == NONE) {
      slots[slot] = row;
      next[row] = NONE;
      heads[row] = row;
    } else {
      int first = slots[slot];
      next[row] = heads[first];
      heads[first] = row;
    }
  }

  /** Takes out one row of this key and content, if there is one left. */
  boolean take(int key, long high, long low) {
    int first = slots[slot(key, high, low)];
    if (first == NONE || heads[first] == NONE) {
      return false;
    }
    int row = heads[first];
    heads[first] = next[row];
    taken.set(row);
    return true;
  }

  /** Hands over where the rows that nobody took are staged. */
  void forEachLeft(LongConsumer action) {
    for (int row = taken.nextClearBit(0); row < size; row = taken.nextClearBit(row + 1)) {
      action.accept(ordinals[row]);
    }
  }

  /** The number of rows taken. */
  long takenCount() {
    return taken.cardinality();
  }

  private int slot(int key, long high, long low) {
    int mask = slots.length - 1;
    int slot = (int) KeyHash.mix(high ^ (key * 0x9E3779B97F4A7C15L)) & mask;
    while (slots[slot] != NONE && !is(slots[slot], key, high, low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean is(int row, int key, long high, long low) {
    return keys[row] == key && highs[row] == high && lows[row] == low;
  }

  private void grow() {
    if (size == keys.length) {
      int rows = size + size / 2;
      keys = Arrays.copyOf(keys, rows);
      highs = Arrays.copyOf(highs, rows);
      lows = Arrays.copyOf(lows, rows);
      ordinals = Arrays.copyOf(ordinals, rows);
      next = Arrays.copyOf(next, rows);
      heads = Arrays.copyOf(heads, rows);
    }
    if (size >= slots.length / 2) {
      int[] old = slots;
      slots = new int[old.length * 2];
      Arrays.fill(slots, NONE);
      for (int row : old) {
        if (row != NONE) {
          slots[slot(keys[row], highs[row], lows[row])] = row;
        }
      }
    }
  }
}
