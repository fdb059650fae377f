// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/** What becomes of exports for which {@code nextSince} can't be known. */
public enum NextSincePolicy {
  /** They run; {@code nextSince} is withheld, with the reason. */
  WITHHOLD,
  /**
   * They are refused, and fail where it turns out later; views without a timestamp column, which
   * can't be exported incrementally, are not meant.
   */
  REQUIRE
}
