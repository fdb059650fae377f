// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.deltalake.internal.merge.CheckStatement;
import java.time.Duration;
import java.util.Objects;

/**
 * How long a merge in a warehouse waits for what.
 *
 * @param startWithin how late after it was submitted a merge may begin; later it fails by itself
 *     and is submitted anew, with more time
 * @param historyDelay how long after it was submitted a statement may be missing from the
 *     warehouse's history. Where the answer to a submit was lost and the history does not have the
 *     statement, it is taken as not submitted after {@code startWithin} and this
 * @param pendingWithin how long a statement may wait for the warehouse to start, or for a place
 * @param statementTimeout how long a statement may run before it is cancelled
 * @param maxConflicts how often a merge is submitted anew, because another writer was first
 * @param sampling whether failures may name keys
 */
public record WarehouseSettings(
    Duration startWithin,
    Duration historyDelay,
    Duration pendingWithin,
    Duration statementTimeout,
    int maxConflicts,
    CheckStatement.Sampling sampling) {

  /** 3 and 2 minutes, 15 minutes, 6 hours, 10 times, no keys. */
  public static final WarehouseSettings DEFAULT =
      new WarehouseSettings(
          Duration.ofMinutes(3),
          Duration.ofMinutes(2),
          Duration.ofMinutes(15),
          Duration.ofHours(6),
          10,
          CheckStatement.Sampling.NONE);

  /** Checks that each is positive. */
  public WarehouseSettings {
    Objects.requireNonNull(sampling, "sampling");
    check("startWithin", startWithin);
    check("historyDelay", historyDelay);
    check("pendingWithin", pendingWithin);
    check("statementTimeout", statementTimeout);
    if (maxConflicts < 1) {
      throw new IllegalArgumentException("maxConflicts must be positive: " + maxConflicts);
    }
  }

  private static void check(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
