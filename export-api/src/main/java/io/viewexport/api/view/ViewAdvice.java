// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.Experimental;
import io.viewexport.api.ExportIssue;
import java.util.Objects;

/**
 * What makes a view slow or unsafe to export, for the one who writes it. It keeps no export from
 * running.
 *
 * @param code stable code: lower-case words joined by hyphens
 * @param message what it is and what to do; it may quote the view's definition, never a row
 */
@Experimental
public record ViewAdvice(String code, String message) {

  /**
   * Checks the code's form.
   *
   * @param code stable code
   * @param message what it is and what to do
   */
  public ViewAdvice {
    Objects.requireNonNull(ExportIssue.of(code, message));
  }
}
