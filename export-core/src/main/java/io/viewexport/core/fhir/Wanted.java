// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request as its parameters say it, views not looked up yet.
 *
 * @param kind the backend's kind; empty where that is a problem
 * @param options what is asked for all views
 * @param parameters the backend's
 * @param notes what the job gives back in its status
 * @param clientTrackingId the client's own id
 * @param views those of which it is known what they are
 * @param given the names of all parameters
 */
record Wanted(
    Optional<String> kind,
    ViewOptions options,
    Map<String, String> parameters,
    Map<String, String> notes,
    Optional<String> clientTrackingId,
    List<View> views,
    Set<String> given) {

  /**
   * A view.
   *
   * @param index its number among the request's views
   * @param name the output's name, where it was given one
   * @param reference which ViewDefinition
   * @param expression where the reference stands in the request
   * @param options what is asked for it alone
   * @param parameters the backend's, for it alone
   * @param given the names of all its parts
   */
  record View(
      int index,
      Optional<String> name,
      ViewReference reference,
      String expression,
      ViewOptions options,
      Map<String, String> parameters,
      Set<String> given) {}
}
