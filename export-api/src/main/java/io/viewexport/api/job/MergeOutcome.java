// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

/** What became of a view's rows in the target. */
public enum MergeOutcome {
  /** Not decided yet. */
  PENDING,
  /** All of them are in the target. */
  MERGED,
  /** None of them is in the target. */
  NOT_MERGED,
  /** The answer to the commit was lost, and the attempts to find out are spent. */
  UNKNOWN
}
