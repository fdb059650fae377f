// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts rows with NULL in the key, and rows whose key another row of the chunk has. All rows of a
 * key are in one chunk, so that is all there is to know. For use by one thread.
 *
 * <p>Memory is bounded: digests of the keys are sorted in runs, which go to files when there are
 * too many, and the runs are merged at the end. The files hold digests only, never a key.
 */
final class KeyCheck {
  private final FileStorage storage;
  private final String folder;
  private final ViewSchema schema;
  private final int[] key;
  private final KeyDigest[] digests;
  private final MessageDigest sha = sha256();
  private int size;
  private int runs;
  private long nullKeys;

  /**
   * Starts a check.
   *
   * @param folder for runs, made when the first is written, and removed at the end
   * @param maxKeys how many digests are kept in memory
   */
  KeyCheck(FileStorage storage, String folder, ViewSchema schema, List<String> key, int maxKeys) {
    this.storage = storage;
    this.folder = folder;
    this.schema = schema;
    this.key = key.stream().mapToInt(name -> schema.indexOf(name).orElseThrow()).toArray();
    this.digests = new KeyDigest[maxKeys];
  }

  /** Looks at the row that the cursor stands at. */
  void add(RowCursor row) throws IOException {
    for (int column : key) {
      if (row.isNull(column)) {
        nullKeys++;
        return;
      }
    }
    if (size == digests.length) {
      spill();
    }
    digests[size++] = digest(row);
  }

  /** How many rows have NULL in the key. */
  long nullKeys() {
    return nullKeys;
  }

  /** How many rows have a key that a row before has, after the last row. */
  long repeatedKeys() throws IOException {
    if (runs == 0) {
      Arrays.sort(digests, 0, size);
      return repeated();
    }
    spill();
    long repeated = new KeyRuns(storage, paths()).repeated();
    storage.deleteTree(folder);
    return repeated;
  }

  private long repeated() {
    long repeated = 0;
    for (int i = 1; i < size; i++) {
      if (digests[i].equals(digests[i - 1])) {
        repeated++;
      }
    }
    return repeated;
  }

  private void spill() throws IOException {
    Arrays.sort(digests, 0, size);
    if (runs == 0) {
      storage.createFolder(folder);
    }
    try (DataOutputStream out = new DataOutputStream(storage.create(path(runs)))) {
      for (int i = 0; i < size; i++) {
        digests[i].writeTo(out);
      }
    }
    runs++;
    size = 0;
  }

  private List<String> paths() {
    return IntStream.range(0, runs).mapToObj(this::path).toList();
  }

  private String path(int run) {
    return folder + "/run-" + run;
  }

  private KeyDigest digest(RowCursor row) {
    for (int column : key) {
      update(row, column);
    }
    ByteBuffer digest = ByteBuffer.wrap(sha.digest());
    return new KeyDigest(digest.getLong(), digest.getLong());
  }

  /** Each value is told apart from the next column's by its length. */
  private void update(RowCursor row, int column) {
    ColumnType.Kind kind = schema.columns().get(column).type().kind();
    switch (kind) {
      case BOOLEAN -> update(row.booleanValue(column) ? 1 : 0);
      case INT, DATE -> update(row.intValue(column));
      case BIGINT, TIMESTAMP -> update(row.longValue(column));
      // Zero is added as -0 equals 0.
      case FLOAT -> update(Float.floatToIntBits(row.floatValue(column) + 0f));
      case DOUBLE -> update(Double.doubleToLongBits(row.doubleValue(column) + 0d));
      case DECIMAL -> {
        byte[] digits = row.decimalValue(column).unscaledValue().toByteArray();
        update(digits, 0, digits.length);
      }
      case STRING, BINARY ->
          update(row.bytes(column), row.byteOffset(column), row.byteLength(column));
    }
  }

  private void update(long number) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
  }

  private void update(byte[] bytes, int offset, int length) {
    update(length);
    sha.update(bytes, offset, length);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
