// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.Experimental;

/** The ways a source can cut a view. */
public enum SliceKind {
  /** Not cut: {@link ViewSlice.Whole}. Every source can. */
  WHOLE,
  /** By a hash of the key: {@link ViewSlice.KeyHash}. */
  KEY_HASH,
  /**
   * By ranges of the relation's pages: {@link ViewSlice.PageRange}; only under a shared snapshot.
   */
  @Experimental
  PAGE_RANGE
}
