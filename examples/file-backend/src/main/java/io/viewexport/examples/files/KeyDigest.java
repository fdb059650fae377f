// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Comparator;

/**
 * The first 128 bits of a key's SHA-256: two keys with the same are the same key.
 *
 * @param high the first half
 * @param low the second
 */
record KeyDigest(long high, long low) implements Comparable<KeyDigest> {
  private static final Comparator<KeyDigest> ORDER =
      Comparator.comparingLong(KeyDigest::high).thenComparingLong(KeyDigest::low);

  static KeyDigest readFrom(DataInputStream in) throws IOException {
    return new KeyDigest(in.readLong(), in.readLong());
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeLong(high);
    out.writeLong(low);
  }

  @Override
  public int compareTo(KeyDigest other) {
    return ORDER.compare(this, other);
  }
}
