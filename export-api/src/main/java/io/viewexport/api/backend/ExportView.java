// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.DescribedView;
import java.util.Map;
import java.util.Objects;

/**
 * A view of a job, as every call for it sees it: described once at planning, then unchanged.
 *
 * @param index its number in the request, from 0
 * @param name the name of its output
 * @param description the relation and its columns
 * @param settings how it is exported
 * @param parameters the backend's parameters: the job's, overridden by the view's own
 */
public record ExportView(
    int index,
    String name,
    DescribedView description,
    ViewSettings settings,
    Map<String, String> parameters) {

  /**
   * Copies the parameters.
   *
   * @param index its number in the request, from 0
   * @param name the name of its output
   * @param description the relation and its columns
   * @param settings how it is exported
   * @param parameters the backend's parameters
   */
  public ExportView {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(settings, "settings");
    parameters = Map.copyOf(parameters);
  }
}
