// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import java.util.Locale;

/** What a merge does with a row whose key the target already has. */
public enum MergeMode {
  /** Nothing; only rows of unknown key are inserted. */
  INSERT,
  /**
   * Updates it where the new row is newer by the timestamp column, or of the same time and
   * different in any column. A NULL time is the oldest.
   */
  UPSERT,
  /** Keeps every version: the key is the merge key and the timestamp column. */
  HISTORY,
  /**
   * Makes the target's rows of each exported key exactly the exported ones: for views with several
   * rows of one key.
   */
  REPLACE;

  /** {@return the code in requests, such as {@code upsert}} */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
