// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.Optional;

/**
 * Finds the ViewDefinition that a request names, and the relation that it was materialised to.
 * Written by the host; safe for use by many threads.
 */
public interface ViewResolver {

  /**
   * Finds a view. Has no effect that must be undone where the request is refused afterwards: an
   * {@linkplain ViewReference.Inline inline} definition that is materialised here stays or is
   * removed by the host.
   *
   * @param reference how the request names it
   * @param principal who asks; empty: nobody in particular
   * @return the view; empty where there is none, or none that the principal may know of
   * @throws io.viewexport.api.ExportRefusedException where the reference can't be followed, with
   *     code {@code not-supported} for a form that this host does not offer
   * @throws io.viewexport.api.ExportException where what must be asked can't be
   */
  Optional<ResolvedView> resolve(ViewReference reference, Optional<String> principal);
}
