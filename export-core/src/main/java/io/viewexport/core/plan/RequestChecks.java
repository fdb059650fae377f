// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewFilters;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What can be seen of a request without asking the source or a backend. */
final class RequestChecks {
  /** Two of these fit into an index of the store. */
  private static final int LONGEST_TEXT = 255;

  private static final String KEYS =
      "Each %s is named by a key: a text of at least one character, none of them of code 0 or half"
          + " of a pair.";

  private RequestChecks() {}

  static void check(ExportRequest request, Issues issues) {
    if (request.views().isEmpty()) {
      issues.add("no-view", "Name at least one view to export.", "view");
    }
    checkText(request.principal(), "principal", issues);
    checkText(request.idempotencyKey(), "idempotencyKey", issues);
    checkText(request.clientTrackingId(), "clientTrackingId", issues);
    checkNames(request, issues);
    for (int view = 0; view < request.views().size(); view++) {
      checkFilters(request, view, issues);
    }
  }

  private static void checkText(Optional<String> text, String part, Issues issues) {
    if (text.filter(value -> value.length() > LONGEST_TEXT || !isStorable(value)).isPresent()) {
      String message =
          "%s has at most %d characters, none of them of code 0 or half of a pair."
              .formatted(part, LONGEST_TEXT);
      issues.add("invalid-text", message, part);
    }
  }

  private static void checkNames(ExportRequest request, Issues issues) {
    Set<String> names = new HashSet<>();
    for (int view = 0; view < request.views().size(); view++) {
      String name = request.views().get(view).name();
      checkText(Optional.of(name), "view[" + view + "].name", issues);
      if (!names.add(name)) {
        issues.add(
            "duplicate-output-name",
            "Two outputs are named \"" + name + "\"; give each view a name of its own.",
            "view[" + view + "].name");
      }
    }
  }

  private static void checkFilters(ExportRequest request, int index, Issues issues) {
    ViewRequest view = request.views().get(index);
    ViewFilters filters = view.options().resolve(request.options()).filters();
    Part part = new Part(index, view.options().filters().isPresent());
    if (!filters.patients().stream().allMatch(RequestChecks::isKey)) {
      issues.add("invalid-text", KEYS.formatted("patient"), part.named("patient"));
    }
    if (!filters.groups().stream().allMatch(RequestChecks::isKey)) {
      issues.add("invalid-text", KEYS.formatted("group"), part.named("group"));
    }
  }

  private static boolean isKey(String key) {
    return !key.isEmpty() && isStorable(key);
  }

  /** Whether a database can hold it: PostgreSQL's text has no NUL, UTF-8 no half characters. */
  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
