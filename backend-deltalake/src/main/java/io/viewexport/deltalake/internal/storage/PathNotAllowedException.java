// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import java.util.Objects;

/** A path that can't be used: the message says why and what to do. */
public final class PathNotAllowedException extends RuntimeException {
  private final String code;

  /**
   * A refusal of a path.
   *
   * @param code stable: lower-case words joined by hyphens, such as {@code path-not-allowed}
   * @param message why, and what to do
   */
  public PathNotAllowedException(String code, String message) {
    super(message);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** The stable code: lower-case words joined by hyphens. */
  public String code() {
    return code;
  }

  /** Why, and what to do. */
  public String message() {
    return Objects.requireNonNullElse(getMessage(), code);
  }
}
