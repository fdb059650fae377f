// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import java.util.OptionalInt;
import java.util.Set;

/**
 * What a host's settings allow requests to ask for.
 *
 * @param mostChunks the most chunks of one view; empty: any number, surplus ones wait
 * @param kindsElsewhere kinds that are planned on other servers
 * @param needsNextSince whether views with a timestamp column are refused for which {@code
 *     nextSince} can't be known
 */
public record PlanLimits(
    OptionalInt mostChunks, Set<String> kindsElsewhere, boolean needsNextSince) {
  /** Copies the kinds. */
  public PlanLimits {
    kindsElsewhere = Set.copyOf(kindsElsewhere);
  }
}
