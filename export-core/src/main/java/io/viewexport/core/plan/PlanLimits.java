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
 * @param readers how many chunks this server may run at once
 * @param pageRanges whether views may be cut by pages, where one snapshot is shared
 */
public record PlanLimits(
    OptionalInt mostChunks,
    Set<String> kindsElsewhere,
    boolean needsNextSince,
    int readers,
    boolean pageRanges) {

  /** The same, where one of the readers' connections holds a snapshot for the others. */
  PlanLimits besideSnapshot() {
    OptionalInt most =
        mostChunks.isPresent()
            ? OptionalInt.of(Math.max(0, mostChunks.getAsInt() - 1))
            : mostChunks;
    return new PlanLimits(
        most, kindsElsewhere, needsNextSince, Math.max(0, readers - 1), pageRanges);
  }

  /** Copies the kinds. */
  public PlanLimits {
    kindsElsewhere = Set.copyOf(kindsElsewhere);
  }
}
