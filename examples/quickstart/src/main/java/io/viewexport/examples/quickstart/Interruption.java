// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What happens on Ctrl-C or a TERM signal: what is open is closed in good order, last opened first,
 * so that leases are given back and an embedded server stops.
 */
final class Interruption {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private boolean isOn;

  /** Listens from now on. */
  static Interruption listen() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::stop, "stop"));
    return interruption;
  }

  /** Whether the program is being stopped. */
  synchronized boolean isOn() {
    return isOn;
  }

  /** Closes this, too, when the program is stopped; closing it twice must do no harm. */
  synchronized void closeOnStop(AutoCloseable resource) {
    open.push(resource);
  }

  private synchronized Deque<AutoCloseable> begin() {
    isOn = true;
    return new ArrayDeque<>(open);
  }

  void stop() {
    for (AutoCloseable resource : begin()) {
      try {
        resource.close();
      } catch (Exception ignored) {
        // The others are closed all the same; there is nobody left to be told.
      }
    }
  }
}
