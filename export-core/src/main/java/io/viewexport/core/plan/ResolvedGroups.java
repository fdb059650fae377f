// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.GroupMembers;
import io.viewexport.api.view.ViewFilters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the members of groups into the place of the groups, each group asked for once. */
final class ResolvedGroups {
  /** As many keys, of 40 characters, are 40 MB in each chunk's statement. */
  private static final int MOST_PATIENTS = 1_000_000;

  private final Optional<GroupMembers> host;
  private final Optional<String> principal;
  private final Issues issues;
  private final Map<String, Optional<Set<String>>> known = new HashMap<>();

  ResolvedGroups(Optional<GroupMembers> host, Optional<String> principal, Issues issues) {
    this.host = host;
    this.principal = principal;
    this.issues = issues;
  }

  /** The settings with their groups resolved; where one can't be, with no patient at all. */
  ViewSettings resolve(ViewSettings settings, Part part) {
    ViewFilters resolved = settings.filters().resolve(members(settings.filters(), part));
    if (resolved.patients().size() > MOST_PATIENTS) {
      String text = "A view is filtered by at most %d patients; ask for fewer.";
      String named = part.named(settings.filters().groups().isEmpty() ? "patient" : "group");
      issues.add("too-many-patients", text.formatted(MOST_PATIENTS), named);
    }
    return new ViewSettings(
        settings.chunkCount(),
        settings.mergeKey(),
        settings.mergeMode(),
        settings.timestampColumn(),
        settings.patientColumn(),
        resolved);
  }

  private Set<String> members(ViewFilters filters, Part part) {
    Set<String> all = new HashSet<>();
    if (filters.groups().isEmpty()) {
      return all;
    }
    if (host.isEmpty()) {
      issues.add(
          "not-supported", "This host knows no groups; leave group out.", part.named("group"));
      return all;
    }
    for (String group : filters.groups()) {
      known
          .computeIfAbsent(group, name -> host.get().findMembers(name, principal))
          .ifPresentOrElse(all::addAll, () -> notFound(group, part));
    }
    return all;
  }

  private void notFound(String group, Part part) {
    issues.add("group-not-found", "There is no group " + group + ".", part.named("group"));
  }
}
