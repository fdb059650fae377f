// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.io.IOException;
import java.util.Objects;

/** A path that can't be used: the message says why and what to do. */
final class PathRefusedException extends IOException {
  private final String code;

  /** A refusal with a stable code of lower-case words joined by hyphens. */
  PathRefusedException(String code, String message) {
    super(message);
    this.code = code;
  }

  String code() {
    return code;
  }

  String message() {
    return Objects.requireNonNullElse(getMessage(), code);
  }
}
