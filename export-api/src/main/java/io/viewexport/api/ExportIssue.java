// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import java.util.Objects;
import java.util.Optional;

/**
 * One reason why a request is refused.
 *
 * @param code stable code: lower-case words joined by hyphens, such as {@code no-timestamp-column}
 * @param message what is wrong and what to do, for the one who sent the request; it may quote the
 *     request, never a row value or a secret
 * @param expression which part of the request is meant: the name of a parameter, or a path such as
 *     {@code view[1].mergeKey}; empty: the whole
 */
public record ExportIssue(String code, String message, Optional<String> expression) {

  /**
   * Checks the code's form.
   *
   * @param code stable code
   * @param message what is wrong and what to do, for the one who sent the request
   * @param expression which part of the request is meant
   */
  public ExportIssue {
    Codes.check(code);
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(expression, "expression");
  }

  /**
   * An issue with one part of the request.
   *
   * @param code lower-case words joined by hyphens
   * @param message what is wrong and what to do
   * @param expression the name of a parameter, or a path such as {@code view[1].mergeKey}
   * @return the issue
   */
  public static ExportIssue of(String code, String message, String expression) {
    return new ExportIssue(code, message, Optional.of(expression));
  }

  /**
   * An issue with the request as a whole.
   *
   * @param code lower-case words joined by hyphens
   * @param message what is wrong and what to do
   * @return the issue
   */
  public static ExportIssue of(String code, String message) {
    return new ExportIssue(code, message, Optional.empty());
  }
}
