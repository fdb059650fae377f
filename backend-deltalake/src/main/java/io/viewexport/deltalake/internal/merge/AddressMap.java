// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import java.util.Arrays;

/** From addresses of rows to numbers from 0. */
final class AddressMap {
  private static final long NONE = -1;

  private final long[] addresses;
  private final int[] values;

  /** A map for at most so many addresses. */
  AddressMap(int capacity) {
    int slots = Integer.highestOneBit(Math.max(8, capacity)) * 4;
    addresses = new long[slots];
    values = new int[slots];
    Arrays.fill(addresses, NONE);
  }

  void put(long address, int value) {
    int slot = slot(address);
    addresses[slot] = address;
    values[slot] = value;
  }

  /** The number of an address; -1 where it is not there. */
  int get(long address) {
    int slot = slot(address);
    return addresses[slot] == NONE ? -1 : values[slot];
  }

  private int slot(long address) {
    int mask = addresses.length - 1;
    int slot = (int) KeyHash.mix(address) & mask;
    while (addresses[slot] != NONE && addresses[slot] != address) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
