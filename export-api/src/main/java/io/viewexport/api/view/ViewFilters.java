// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which rows of a view are wanted. The values are data: a source binds them, it never writes them
 * into a statement.
 *
 * @param since only rows whose timestamp is not before this; rows without one are left out
 * @param patients only rows of these patients, by resolved key; empty: of all
 * @param groups only rows of these groups' members, by resolved key; empty: of all
 */
public record ViewFilters(Optional<Instant> since, List<String> patients, List<String> groups) {

  /** All rows. */
  public static final ViewFilters NONE = new ViewFilters(Optional.empty(), List.of(), List.of());

  /** Copies the lists. */
  public ViewFilters {
    Objects.requireNonNull(since, "since");
    patients = List.copyOf(patients);
    groups = List.copyOf(groups);
  }

  /** Only rows whose timestamp is not before this. */
  public static ViewFilters since(Instant since) {
    return new ViewFilters(Optional.of(since), List.of(), List.of());
  }
}
