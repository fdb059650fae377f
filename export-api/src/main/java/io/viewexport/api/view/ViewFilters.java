// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which rows of a view are wanted. The values are data: a source binds them, it never writes them
 * into a statement.
 *
 * <p>A request names groups; planning replaces them by their members, see {@link #resolve}. What a
 * source is handed is resolved: where {@link #limitsPatients()}, it gives the rows whose patient
 * column equals one of {@code patients}, and no others, so none where that is empty.
 *
 * @param since only rows whose timestamp is not before this; rows without one are left out
 * @param patients only rows of these patients, by resolved key; empty: of all
 * @param groups only rows of these groups' members, by resolved key; empty: of all
 */
public record ViewFilters(Optional<Instant> since, List<String> patients, List<String> groups) {

  /** All rows. */
  public static final ViewFilters NONE = new ViewFilters(Optional.empty(), List.of(), List.of());

  /**
   * Copies the lists.
   *
   * @param since only rows whose timestamp is not before this
   * @param patients only rows of these patients, by resolved key
   * @param groups only rows of these groups' members, by resolved key
   */
  public ViewFilters {
    Objects.requireNonNull(since, "since");
    patients = List.copyOf(patients);
    groups = List.copyOf(groups);
  }

  /**
   * Only rows whose timestamp is not before this.
   *
   * @param since the earliest timestamp that is wanted
   * @return filters by time alone
   */
  public static ViewFilters since(Instant since) {
    return new ViewFilters(Optional.of(since), List.of(), List.of());
  }

  /** {@return whether only rows of some patients are wanted} */
  public boolean limitsPatients() {
    return !patients.isEmpty() || !groups.isEmpty();
  }

  /**
   * These filters with the groups' members in {@code patients}: those of the patients asked for who
   * are members, and where none is asked for, all members. Without groups nothing changes but that
   * no patient is named twice.
   *
   * @param members the members of any of the groups
   * @return filters whose {@code patients} are all that a source has to look at
   */
  public ViewFilters resolve(Set<String> members) {
    List<String> wanted =
        groups.isEmpty()
            ? patients.stream().distinct().toList()
            : patients.isEmpty()
                ? List.copyOf(members)
                : patients.stream().distinct().filter(members::contains).toList();
    return new ViewFilters(since, wanted, groups);
  }
}
