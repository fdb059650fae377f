// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import java.util.Objects;

/**
 * Work that ended because it was told to stop, before it took effect.
 *
 * <p>Backends and sources let it pass. It is no failure and counts as no attempt: whether the work
 * is taken up again is the engine's affair.
 */
public final class ExportStoppedException extends RuntimeException {
  /** What the stop signal said. */
  private final StopReason reason;

  /**
   * Work stopped for this reason.
   *
   * @param reason what the stop signal said
   */
  public ExportStoppedException(StopReason reason) {
    super("stopped: " + reason);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** {@return why it was told to stop} */
  public StopReason reason() {
    return reason;
  }
}
