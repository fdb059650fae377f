// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import java.time.Duration;

/**
 * The times that go with a lease.
 *
 * @param lease how long a task is held without renewal
 * @param stallTimeout after how long without progress an attempt is stopped
 */
record LeaseTerms(Duration lease, Duration stallTimeout) {
  private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration LONGEST_WATCH = Duration.ofMillis(200);

  /** How often leases are renewed: at least three times within one. */
  Duration heartbeat() {
    return shorter(lease.dividedBy(4), LONGEST_HEARTBEAT);
  }

  /** How often the clock is compared with what was renewed. */
  Duration watchInterval() {
    return shorter(lease.dividedBy(20), LONGEST_WATCH);
  }

  /**
   * How long after the renewal was asked for the work may go on: a sixth less than the lease, for
   * clocks that do not run alike and for the last step before an effect.
   */
  Duration safeTime() {
    return lease.minus(lease.dividedBy(6));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
