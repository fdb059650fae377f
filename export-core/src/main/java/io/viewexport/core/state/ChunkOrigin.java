// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.view.NextSince;
import java.util.Objects;

/**
 * Which state of the database a chunk's rows are of.
 *
 * @param snapshotGeneration which shared snapshot of the job; 0: one of the chunk's own
 * @param nextSince what the next incremental export has to pass as {@code since} to see what this
 *     state lacks
 */
public record ChunkOrigin(int snapshotGeneration, NextSince nextSince) {

  /** A snapshot of the chunk's own, of which nothing more is known. */
  public static final ChunkOrigin UNKNOWN =
      new ChunkOrigin(
          0, NextSince.withheld("not-recorded", "The server that read a chunk noted no time."));

  /** Checks that there is a time or a reason. */
  public ChunkOrigin {
    Objects.requireNonNull(nextSince, "nextSince");
  }
}
