// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import io.viewexport.api.view.RowCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column of a row group: takes values, closes pages, keeps them compressed until
 * the row group is written. Subclasses encode the values.
 */
abstract class ColumnPages {
  /** A page may take so many rows more than its limit before it is closed. */
  static final int ROWS_BETWEEN_CHECKS = 1024;

  /** The name that pages of this version have for it. */
  @SuppressWarnings("deprecation")
  static final Encoding DICTIONARY = Encoding.PLAIN_DICTIONARY;

  /** The most bytes in front of the levels: their length, and the header of their run. */
  private static final int LEVEL_HEADER_BYTES = Integer.BYTES + 5;

  /** A finished page. */
  private record Page(
      BytesInput bytes, int plainBytes, int rows, Statistics<?> statistics, Encoding encoding) {}

  /** The page's values, plainly encoded; they begin at {@link #valuesFrom}. */
  final PageBytes values;

  /** Where the values begin: in front of them there is room for the definition levels. */
  final int valuesFrom;

  private final PageShared shared;
  private final ColumnDescriptor column;
  private final int index;
  private final byte[] present;
  private final PageBytes levels;
  private final List<Page> pages = new ArrayList<>();

  /** Rows in the page that is being filled, NULLs included. */
  private int rows;

  private int nulls;

  /**
   * @param shared what all columns of a file share
   * @param column the column in the file
   * @param index the number of the column in the cursor
   */
  ColumnPages(PageShared shared, ColumnDescriptor column, int index) {
    this.shared = shared;
    this.column = column;
    this.index = index;
    this.present = new byte[(shared.pageRows() + ROWS_BETWEEN_CHECKS) / Byte.SIZE + 1];
    this.levels = new PageBytes(present.length + LEVEL_HEADER_BYTES);
    this.valuesFrom = present.length + LEVEL_HEADER_BYTES;
    this.values = new PageBytes(valuesFrom + Math.min(shared.pageBytes(), 16 * 1024));
    this.values.size = valuesFrom;
  }

  /** Takes the value of the cursor's row. */
  final void append(RowCursor cursor) throws IOException {
    if (cursor.isNull(index)) {
      addNull();
    } else {
      countRow();
      add(cursor, index);
    }
  }

  private void addNull() {
    if (nulls++ == 0) {
      Arrays.fill(present, (byte) 0);
      Arrays.fill(present, 0, rows >> 3, (byte) 0xff);
      present[rows >> 3] = (byte) ((1 << (rows & 7)) - 1);
    }
    rows++;
  }

  /** Encodes a value that is not NULL. */
  abstract void add(RowCursor cursor, int index) throws IOException;

  /** Closes the page if it has rows enough; asked once in {@link #ROWS_BETWEEN_CHECKS} rows. */
  final void closeFullPage() throws IOException {
    if (rows >= shared.pageRows() || values.size >= shared.pageBytes()) {
      closePage();
    }
  }

  /** Closes the page; there is none where no row came. */
  final void closePage() throws IOException {
    if (rows == 0) {
      return;
    }
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    statistics.incrementNumNulls(nulls);
    Encoding encoding = nulls < rows ? finishPage(statistics) : Encoding.PLAIN;
    int from = putLevels();
    byte[] compressed = shared.compressor().compress(values.array, from, values.size - from);
    pages.add(new Page(BytesInput.from(compressed), values.size - from, rows, statistics, encoding));
    shared.buffered(compressed.length);
    values.restart(valuesFrom, valuesFrom + shared.pageBytes());
    rows = 0;
    nulls = 0;
  }

  /** Closes the page in front of the row that was counted last, which begins the next one. */
  final void closePageBeforeRow() throws IOException {
    rows--;
    closePage();
    countRow();
  }

  /**
   * Completes the bytes of a page that has a value and says what is in it.
   *
   * @return how the values are encoded
   */
  abstract Encoding finishPage(Statistics<?> statistics);

  /** Puts the definition levels right in front of the values and says where they begin. */
  private int putLevels() {
    levels.size = Integer.BYTES;
    if (nulls == 0 || nulls == rows) {
      RunLengths.putRun(levels, nulls == 0 ? 1 : 0, rows, 1);
    } else {
      RunLengths.putBits(levels, present, rows);
    }
    PageBytes.INT_LE.set(levels.array, 0, levels.size - Integer.BYTES);
    int from = valuesFrom - levels.size;
    System.arraycopy(levels.array, 0, values.array, from, levels.size);
    return from;
  }

  /** Writes all pages to the file, closes the last one first, and starts anew. */
  final void writeTo(ParquetFileWriter file, long rowsOfGroup) throws IOException {
    closePage();
    file.startColumn(column, rowsOfGroup, shared.compressor().codec());
    DictionaryPage dictionary = takeDictionary();
    if (dictionary != null) {
      file.writeDictionaryPage(dictionary);
    }
    for (Page page : pages) {
      file.writeDataPage(
          page.rows(),
          page.plainBytes(),
          page.bytes(),
          page.statistics(),
          page.rows(),
          Encoding.RLE,
          Encoding.RLE,
          page.encoding());
    }
    file.endColumn();
    pages.clear();
  }

  /** The dictionary of the row group, compressed, if there is one; it is forgotten then. */
  @Nullable DictionaryPage takeDictionary() throws IOException {
    return null;
  }

  /** A dictionary page of so many bytes and values, compressed. */
  final DictionaryPage dictionaryPage(byte[] plain, int length, int count) throws IOException {
    byte[] compressed = shared.compressor().compress(plain, 0, length);
    return new DictionaryPage(BytesInput.from(compressed), length, count, DICTIONARY);
  }

  /** Counts a row whose value is not NULL. */
  final void countRow() {
    if (nulls > 0) {
      present[rows >> 3] |= (byte) (1 << (rows & 7));
    }
    rows++;
  }
}
