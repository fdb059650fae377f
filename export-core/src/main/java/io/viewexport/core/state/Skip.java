// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

/** Which tasks of a job are not to be done any more; never its {@code CLEANUP}. */
public enum Skip {
  /** None. */
  NONE,
  /**
   * All that nobody holds and that have nothing to find out: {@code WAITING} and {@code READY} ones
   * but {@code FINALIZE} in doubt, which become due at once. They are {@code SKIPPED}, a {@code
   * FINALIZE} as {@code NOT_MERGED}.
   */
  UNSTARTED,
  /**
   * All that nobody holds by a lease that lasts, those with something to find out as well: a {@code
   * FINALIZE} in doubt, or whose lease ran out, is {@code FAILED} and {@code UNKNOWN}; the others
   * are {@code SKIPPED}. The token of one whose lease ran out grows, so that the lease is void.
   */
  UNHELD
}
