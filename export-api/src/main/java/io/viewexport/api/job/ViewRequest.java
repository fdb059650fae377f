// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.view.ViewName;
import java.util.Map;
import java.util.Objects;

/**
 * One view of a request.
 *
 * @param name the name of its output, unique in the request
 * @param view the relation
 * @param options what is asked for this view alone
 * @param parameters the backend's parameters for this view; each overrides the job's of that name
 */
public record ViewRequest(
    String name, ViewName view, ViewOptions options, Map<String, String> parameters) {

  /**
   * Copies the parameters and checks that there is a name.
   *
   * @param name the name of its output, unique in the request
   * @param view the relation
   * @param options what is asked for this view alone
   * @param parameters the backend's parameters for this view
   */
  public ViewRequest {
    Objects.requireNonNull(view, "view");
    Objects.requireNonNull(options, "options");
    parameters = Map.copyOf(parameters);
    if (name.isBlank()) {
      throw new IllegalArgumentException("an output needs a name");
    }
  }

  /**
   * A view with nothing asked for it alone, its output named like the relation.
   *
   * @param view the relation
   * @return the view, with nothing asked for it alone
   */
  public static ViewRequest of(ViewName view) {
    return new ViewRequest(view.name(), view, ViewOptions.UNSET, Map.of());
  }
}
