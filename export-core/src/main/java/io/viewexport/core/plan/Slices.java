// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.view.ViewSlice;
import java.util.List;
import java.util.stream.IntStream;

/** Cuts a view so that each row is in exactly one slice. */
final class Slices {
  private static final long PAGE_BYTES = 8192;

  private Slices() {}

  static List<ViewSlice> cut(int count) {
    if (count == 1) {
      return List.of(new ViewSlice.Whole());
    }
    return IntStream.range(0, count)
        .<ViewSlice>mapToObj(index -> new ViewSlice.KeyHash(index, count))
        .toList();
  }

  /**
   * Cuts a table by its pages; what it grows by, and all of one that was smaller than thought, is
   * in the last slice.
   *
   * @param bytes its size
   */
  static List<ViewSlice> cutByPages(int count, long bytes) {
    if (count == 1) {
      return List.of(new ViewSlice.Whole());
    }
    long pages = bytes / PAGE_BYTES;
    return IntStream.range(0, count)
        .<ViewSlice>mapToObj(index -> pages(index, count, pages))
        .toList();
  }

  private static ViewSlice pages(int index, int count, long pages) {
    long from = Math.multiplyExact(pages, index) / count;
    long to = index == count - 1 ? Long.MAX_VALUE : Math.multiplyExact(pages, index + 1L) / count;
    return new ViewSlice.PageRange(from, to);
  }
}
