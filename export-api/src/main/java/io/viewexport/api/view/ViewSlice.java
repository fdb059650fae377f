// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.Experimental;

/**
 * A part of a view's rows. The slices of one plan hold each row exactly once; they are stored with
 * the job and never computed again.
 */
public sealed interface ViewSlice {

  /** All rows. */
  record Whole() implements ViewSlice {}

  /**
   * The rows whose key hashes to {@code index} modulo {@code count}; rows with NULL in a key column
   * are in slice 0.
   *
   * @param index from 0
   * @param count at least 1
   */
  record KeyHash(int index, int count) implements ViewSlice {
    /**
     * Checks that the index is below the count.
     *
     * @param index from 0
     * @param count at least 1
     */
    public KeyHash {
      if (index < 0 || index >= count) {
        throw new IllegalArgumentException("no slice " + index + " of " + count);
      }
    }
  }

  /**
   * The rows on a range of the relation's pages. Without one snapshot for all slices it would lose
   * and double rows.
   *
   * @param fromPage first page
   * @param toPage the page after the last; {@link Long#MAX_VALUE} for all that follow
   */
  @Experimental
  record PageRange(long fromPage, long toPage) implements ViewSlice {
    /**
     * Checks that the range is not upside down.
     *
     * @param fromPage first page
     * @param toPage the page after the last
     */
    public PageRange {
      if (fromPage < 0 || toPage < fromPage) {
        throw new IllegalArgumentException("no pages " + fromPage + " to " + toPage);
      }
    }
  }
}
