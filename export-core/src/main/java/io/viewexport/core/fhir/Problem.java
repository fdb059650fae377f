// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.job.FailureCause;
import java.util.Optional;

/**
 * One reason why a request is not done.
 *
 * @param code the stable code of the reason
 * @param message what is wrong and what to do
 * @param expression the part of the request that is meant, as FHIRPath
 */
record Problem(
    ProblemCode.Meaning meaning, String code, String message, Optional<String> expression) {
  private static final int LONGEST_MESSAGE = 1000;

  static Problem of(ProblemCode code, String message) {
    return new Problem(code.meaning(), code.text(), message, Optional.empty());
  }

  static Problem of(ProblemCode code, String message, String expression) {
    return new Problem(code.meaning(), code.text(), message, Optional.of(expression));
  }

  /** Why an export failed. */
  static Problem of(FailureCause cause) {
    return new Problem(
        ProblemCode.INTERNAL.meaning(), cause.code(), cause.message(), Optional.empty());
  }

  /** What the engine, a source or a backend found; they may quote the request at any length. */
  static Problem of(ExportIssue issue, Optional<String> expression) {
    String message = issue.message();
    String cut =
        message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    return new Problem(ProblemCode.meaningOf(issue.code()), issue.code(), cut, expression);
  }
}
