// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.util.Objects;
import java.util.Optional;

/** How a request names a ViewDefinition. */
public sealed interface ViewReference {

  /**
   * By its id on this server.
   *
   * @param id 1 to 64 letters, digits, hyphens and dots
   */
  record ById(String id) implements ViewReference {
    /**
     * Checks that there is one.
     *
     * @param id 1 to 64 letters, digits, hyphens and dots
     */
    public ById {
      Objects.requireNonNull(id, "id");
    }
  }

  /**
   * By its canonical URL.
   *
   * @param url without the version
   * @param version the version asked for; empty: the server's choice
   */
  record ByCanonical(String url, Optional<String> version) implements ViewReference {
    /**
     * Checks that both are there.
     *
     * @param url without the version
     * @param version the version asked for
     */
    public ByCanonical {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(version, "version");
    }
  }

  /**
   * By itself: the request brings it along.
   *
   * @param definition the ViewDefinition as JSON
   */
  record Inline(String definition) implements ViewReference {
    /**
     * Checks that there is one.
     *
     * @param definition the ViewDefinition as JSON
     */
    public Inline {
      Objects.requireNonNull(definition, "definition");
    }
  }
}
