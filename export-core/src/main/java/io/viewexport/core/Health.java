// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/** Whether this server can be trusted with work. */
final class Health {
  private final Events events;
  private volatile boolean healthy = true;

  Health(Events events) {
    this.events = events;
  }

  boolean isHealthy() {
    return healthy;
  }

  /** Notes what was thrown, where it is an error of the JVM. */
  void note(Throwable thrown) {
    if (thrown instanceof Error) {
      healthy = false;
      events.unhealthy(thrown);
    }
  }
}
