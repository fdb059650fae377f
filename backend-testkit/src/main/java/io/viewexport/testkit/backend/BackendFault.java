// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.testkit.BackendCall;
import java.util.Objects;

/**
 * A failure of what a backend writes to, which a test switches on and off: a disk that is full, a
 * server that answers 503, a grant that is taken away.
 *
 * @param name for messages
 * @param call which call of the backend it makes fail
 * @param nature whether it may pass by itself
 * @param on switches it on, for all servers
 * @param off switches it off
 */
public record BackendFault(
    String name, BackendCall.Kind call, Nature nature, Runnable on, Runnable off) {

  /** Whether a failure may pass by itself. */
  public enum Nature {
    /** It may be gone at the next attempt. */
    PASSING,
    /** It stays until somebody does something about it. */
    LASTING
  }

  /**
   * Checks that none is null.
   *
   * @param name for messages
   * @param call which call of the backend it makes fail
   * @param nature whether it may pass by itself
   * @param on switches it on, for all servers
   * @param off switches it off
   */
  public BackendFault {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(nature, "nature");
    Objects.requireNonNull(on, "on");
    Objects.requireNonNull(off, "off");
  }
}
