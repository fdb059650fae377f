// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.viewexport.api.StopSignal;
import java.util.Objects;

/**
 * An attempt at a piece of work, as far as a storage must know it.
 *
 * @param work which piece: letters, digits, hyphens and dots; no other piece of whatever job has a
 *     name that begins so
 * @param number larger than those of all earlier attempts at the work
 * @param stop whether the attempt may still do something that others can see
 */
public record Attempt(String work, int number, StopSignal stop) {

  /** Checks that none is null. */
  public Attempt {
    Objects.requireNonNull(work, "work");
    Objects.requireNonNull(stop, "stop");
  }
}
