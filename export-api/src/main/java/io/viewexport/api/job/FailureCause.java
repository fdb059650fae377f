// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.FailureKind;
import java.util.Objects;

/**
 * Why something failed, in the library's own words.
 *
 * @param kind what is known about the effect
 * @param code stable code: lower-case words joined by hyphens
 * @param message what failed and what to do: no row values, no secrets, no other system's text
 */
public record FailureCause(FailureKind kind, String code, String message) {

  /**
   * Checks that none is null.
   *
   * @param kind what is known about the effect
   * @param code stable code
   * @param message what failed and what to do
   */
  public FailureCause {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
  }
}
