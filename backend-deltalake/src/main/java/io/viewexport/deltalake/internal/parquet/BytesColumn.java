// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import io.viewexport.api.view.RowCursor;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.BinaryStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * {@code STRING} and {@code BINARY}. Begins with a dictionary and gives it up for good where the
 * values prove too many: for keys and names hashing costs far more than it saves.
 */
final class BytesColumn extends ColumnPages {
  /** Longer bounds are shortened, so that large values don't pile up in the statistics. */
  private static final int MAX_BOUND_BYTES = 1024;

  private final boolean text;
  private final int pageBytes;
  private @Nullable BytesDictionary dictionary;
  private int[] indices = {};
  private int indexCount;
  private @Nullable DictionaryPage abandoned;

  /** Whether the page has a plain value: then these are its least and greatest. */
  private boolean any;

  private int minAt;
  private int minLength;
  private long minPrefix;
  private int maxAt;
  private int maxLength;
  private long maxPrefix;

  /**
   * @param text whether the bytes are UTF-8
   * @param dictionary whether to begin with one
   */
  BytesColumn(
      PageShared shared, ColumnDescriptor column, int index, boolean text, boolean dictionary) {
    super(shared, column, index);
    this.text = text;
    this.pageBytes = shared.pageBytes();
    if (dictionary) {
      this.dictionary = new BytesDictionary();
      this.indices = new int[shared.pageRows() + ROWS_BETWEEN_CHECKS];
    }
  }

  @Override
  void add(RowCursor cursor, int index) throws IOException {
    byte[] bytes = cursor.bytes(index);
    int offset = cursor.byteOffset(index);
    int length = cursor.byteLength(index);
    if (dictionary != null) {
      addToDictionary(dictionary, bytes, offset, length);
    } else {
      addPlain(bytes, offset, length);
    }
  }

  private void addToDictionary(BytesDictionary known, byte[] bytes, int offset, int length)
      throws IOException {
    int found = known.indexOf(bytes, offset, length);
    if (found >= 0) {
      indices[indexCount++] = found;
    } else {
      giveUp(known);
      addPlain(bytes, offset, length);
    }
  }

  /** Pages that are closed keep their dictionary; the row at hand begins a plain one. */
  private void giveUp(BytesDictionary known) throws IOException {
    closePageBeforeRow();
    abandoned = known.size() == 0 ? null : page(known);
    dictionary = null;
    indices = new int[0];
  }

  private void addPlain(byte[] bytes, int offset, int length) throws IOException {
    values.ensure(Integer.BYTES + length + Long.BYTES);
    byte[] array = values.array;
    int at = values.size + Integer.BYTES;
    PageBytes.INT_LE.set(array, values.size, length);
    System.arraycopy(bytes, offset, array, at, length);
    values.size = at + length;
    widen(array, at, length);
    if (values.size >= pageBytes) {
      closePage();
    }
  }

  /**
   * Keeps the bounds: the first 8 bytes decide in nearly all cases. They are compared as signed
   * numbers with the top bit flipped, that is, as unsigned ones.
   */
  private void widen(byte[] array, int at, int length) {
    long prefix = (long) PageBytes.LONG_BE.get(array, at);
    if (length < Long.BYTES) {
      prefix = length == 0 ? 0 : prefix & (-1L << (Long.SIZE - Byte.SIZE * length));
    }
    prefix ^= Long.MIN_VALUE;
    if (!any || prefix < minPrefix || (prefix == minPrefix && isLess(at, length, minAt, minLength))) {
      minAt = at;
      minLength = length;
      minPrefix = prefix;
    }
    if (!any || prefix > maxPrefix || (prefix == maxPrefix && isLess(maxAt, maxLength, at, length))) {
      maxAt = at;
      maxLength = length;
      maxPrefix = prefix;
    }
    any = true;
  }

  private boolean isLess(int aAt, int aLength, int bAt, int bLength) {
    byte[] array = values.array;
    return Arrays.compareUnsigned(array, aAt, aAt + aLength, array, bAt, bAt + bLength) < 0;
  }

  @Override
  Encoding finishPage(Statistics<?> statistics) {
    BinaryStatistics bounds = (BinaryStatistics) statistics;
    if (dictionary == null) {
      setBounds(bounds, values.array, minAt, minLength, values.array, maxAt, maxLength);
      any = false;
      return Encoding.PLAIN;
    }
    BytesDictionary known = dictionary;
    int bitWidth = Integer.SIZE - Integer.numberOfLeadingZeros(known.size() - 1);
    values.putByte(bitWidth);
    RunLengths.put(values, indices, indexCount, bitWidth);
    int[] minAndMax = known.bounds(indices, indexCount);
    indexCount = 0;
    int min = minAndMax[0];
    int max = minAndMax[1];
    byte[] all = known.bytes();
    setBounds(
        bounds,
        all,
        known.offset(min),
        known.length(min),
        all,
        known.offset(max),
        known.length(max));
    return DICTIONARY;
  }

  private void setBounds(
      BinaryStatistics bounds,
      byte[] minBytes,
      int minOffset,
      int minSize,
      byte[] maxBytes,
      int maxOffset,
      int maxSize) {
    byte[] min = Arrays.copyOfRange(minBytes, minOffset, minOffset + minSize);
    byte[] max = Arrays.copyOfRange(maxBytes, maxOffset, maxOffset + maxSize);
    bounds.updateStats(Binary.fromConstantByteArray(Bounds.floor(min, MAX_BOUND_BYTES, text)));
    bounds.updateStats(Binary.fromConstantByteArray(Bounds.ceiling(max, MAX_BOUND_BYTES, text)));
  }

  @Override
  @Nullable DictionaryPage takeDictionary() throws IOException {
    DictionaryPage page = abandoned;
    abandoned = null;
    if (dictionary != null && dictionary.size() > 0) {
      page = page(dictionary);
      dictionary.clear();
    }
    return page;
  }

  private DictionaryPage page(BytesDictionary known) throws IOException {
    return dictionaryPage(known.bytes(), known.byteCount(), known.size());
  }
}
