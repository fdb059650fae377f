// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.backend;

import java.util.Objects;

/**
 * A parameter of requests that a backend understands: for discovery, and for refusing unknown ones.
 *
 * @param name as in requests
 * @param type what its value is
 * @param documentation one sentence for the one who writes the request
 */
public record BackendParameter(String name, Type type, String documentation) {

  /** What a parameter's value is. */
  public enum Type {
    /** Any text. */
    STRING,
    /** One of a few words. */
    CODE,
    /** A whole number. */
    INTEGER,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A URL. */
    URL
  }

  /**
   * Checks that none is null.
   *
   * @param name as in requests
   * @param type what its value is
   * @param documentation one sentence for the one who writes the request
   */
  public BackendParameter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(documentation, "documentation");
  }
}
