// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a worker asks for.
 *
 * @param worker who asks: unique to one running server
 * @param kinds the kinds it has a backend for
 * @param limit the most tasks it can run now; at least 1
 * @param lease for how long
 * @param clusterLimit the most tasks that all servers may hold at once, these included; a task
 *     whose lease ran out counts, and may be claimed in its own place; empty: no limit
 */
public record ClaimRequest(
    String worker, Set<String> kinds, int limit, Duration lease, OptionalInt clusterLimit) {
  /** A claim without a limit over the cluster. */
  public ClaimRequest(String worker, Set<String> kinds, int limit, Duration lease) {
    this(worker, kinds, limit, lease, OptionalInt.empty());
  }

  /** Copies the kinds. */
  public ClaimRequest {
    kinds = Set.copyOf(kinds);
  }
}
