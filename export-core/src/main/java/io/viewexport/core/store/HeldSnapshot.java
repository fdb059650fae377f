// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.view.NextSince;
import java.util.List;

/**
 * A snapshot that all chunks of a job are read under.
 *
 * @param name what readers name it by
 * @param nextSinces for each view of the job, in the order of the request: what the next
 *     incremental export has to pass as {@code since}
 */
public record HeldSnapshot(String name, List<NextSince> nextSinces) {
  /** Copies the list. */
  public HeldSnapshot {
    nextSinces = List.copyOf(nextSinces);
  }
}
