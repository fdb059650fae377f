// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import java.time.Duration;
import java.util.Set;

/**
 * What a worker asks for.
 *
 * @param worker who asks: unique to one running server
 * @param kinds the kinds it has a backend for
 * @param limit the most tasks it can run now; at least 1
 * @param lease for how long
 */
public record ClaimRequest(String worker, Set<String> kinds, int limit, Duration lease) {
  /** Copies the kinds. */
  public ClaimRequest {
    kinds = Set.copyOf(kinds);
  }
}
