// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

/** What the columns of a file share. */
final class PageShared {
  private final PageCompressor compressor;
  private final int pageRows;
  private final int pageBytes;
  private long bufferedBytes;

  /**
   * @param pageRows a page is closed when it has so many rows
   * @param pageBytes a page is closed when it has so many bytes before compression
   */
  PageShared(PageCompressor compressor, int pageRows, int pageBytes) {
    this.compressor = compressor;
    this.pageRows = pageRows;
    this.pageBytes = pageBytes;
  }

  PageCompressor compressor() {
    return compressor;
  }

  int pageRows() {
    return pageRows;
  }

  int pageBytes() {
    return pageBytes;
  }

  /** Bytes of finished pages that wait for the row group's end. */
  long bufferedBytes() {
    return bufferedBytes;
  }

  void buffered(int bytes) {
    bufferedBytes += bytes;
  }

  void clearBuffered() {
    bufferedBytes = 0;
  }
}
