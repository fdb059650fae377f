// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

/** Names a row by the number of its file and its number in the file, in one {@code long}. */
final class RowAddress {
  private RowAddress() {}

  static long of(int file, long row) {
    return ((long) file << Integer.SIZE) | row;
  }

  static int file(long address) {
    return (int) (address >>> Integer.SIZE);
  }

  static int row(long address) {
    return (int) address;
  }
}
