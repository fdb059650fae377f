// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.Experimental;
import io.viewexport.api.ExportException;

/**
 * Holds up what passes it for as long as it is shut: a fixture lets the writes to its place pass
 * one, so that a test can make the target slow. Open at first. Safe for use by many threads.
 */
@Experimental
public final class WriteGate {
  private boolean shut;

  /** Open. */
  public WriteGate() {}

  /** Holds up what comes from now on. */
  public synchronized void shut() {
    shut = true;
  }

  /** Lets all that is held up go on. */
  public synchronized void open() {
    shut = false;
    notifyAll();
  }

  /**
   * Returns when the gate is open: to be called before each write.
   *
   * @throws ExportException {@code RETRYABLE} when the waiting thread is interrupted
   */
  public synchronized void pass() {
    while (shut) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ExportException.retryable("interrupted", "A write was interrupted.", e);
      }
    }
  }
}
