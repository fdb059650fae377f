// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import java.util.Objects;
import java.util.Optional;

/**
 * A moment in a call of a {@link FaultyBackend}.
 *
 * @param call which call
 * @param moment how far it was
 * @param thrown what it threw to its caller, at {@link Moment#THREW}
 */
public record LoggedCall(BackendCall call, Moment moment, Optional<Throwable> thrown) {

  /** How far a call was. */
  public enum Moment {
    /** The caller called. */
    BEGAN,
    /** The real backend returned: the call has had its effect. */
    TOOK_EFFECT,
    /** The caller got the answer. */
    RETURNED,
    /** The caller got an exception or error instead. */
    THREW
  }

  /**
   * Checks that none is null.
   *
   * @param call which call
   * @param moment how far it was
   * @param thrown what it threw to its caller, at {@link Moment#THREW}
   */
  public LoggedCall {
    Objects.requireNonNull(call, "call");
    Objects.requireNonNull(moment, "moment");
    Objects.requireNonNull(thrown, "thrown");
  }
}
