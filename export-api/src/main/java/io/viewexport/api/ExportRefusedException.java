// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import java.util.List;
import java.util.stream.Collectors;

/** A request that was refused before any export began, with every problem that was found. */
public final class ExportRefusedException extends RuntimeException {
  private final transient List<ExportIssue> issues;

  /**
   * A refusal.
   *
   * @param issues every problem found; at least one
   */
  public ExportRefusedException(List<ExportIssue> issues) {
    super(issues.stream().map(ExportIssue::message).collect(Collectors.joining(" ")));
    if (issues.isEmpty()) {
      throw new IllegalArgumentException("a refusal needs at least one issue");
    }
    this.issues = List.copyOf(issues);
  }

  /** {@return every problem found, in the order found; never empty} */
  public List<ExportIssue> issues() {
    return issues;
  }
}
