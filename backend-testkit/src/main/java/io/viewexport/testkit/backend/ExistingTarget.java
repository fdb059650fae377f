// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

/** What an export does to a target that another export has filled. */
public enum ExistingTarget {
  /**
   * It merges by the key: mode <i>insert</i> adds the rows of unknown key and leaves all else as it
   * is. What lakehouses and databases do.
   */
  MERGED,
  /** Its rows take the place of all that were there; keys mean nothing. */
  REPLACED,
  /** Its rows come on top of those that were there; keys mean nothing. */
  APPENDED,
  /** It is refused, at planning or in setup, or fails for good; keys mean nothing. */
  REFUSED
}
