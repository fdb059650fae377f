// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a merge in a SQL warehouse may take, and when one of which nothing is heard is given up.
 *
 * @param startWithin how late after it was submitted a merge may begin. Later it fails by itself
 *     and is submitted anew, with more time: so another server knows when a merge whose answer was
 *     lost can't begin any more
 * @param historyDelay how long after it was submitted a statement may be missing from the
 *     warehouse's query history
 * @param statementTimeout how long a statement may run before it is cancelled
 */
public record MergeLimits(Duration startWithin, Duration historyDelay, Duration statementTimeout) {
  private static final Duration LONGEST = Duration.ofDays(7);

  /** 3 minutes to begin, 2 for the history, 6 hours to run. */
  public static final MergeLimits DEFAULT =
      new MergeLimits(Duration.ofMinutes(3), Duration.ofMinutes(2), Duration.ofHours(6));

  /** Checks the ranges: more than 0, up to 7 days. */
  public MergeLimits {
    check(startWithin, "startWithin");
    check(historyDelay, "historyDelay");
    check(statementTimeout, "statementTimeout");
  }

  private static void check(Duration time, String name) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " must be more than 0, up to 7 days: " + time);
    }
  }
}
