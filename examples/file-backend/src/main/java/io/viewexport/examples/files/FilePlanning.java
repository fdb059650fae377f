// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.PlanContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The checks of a request, and the plan for it. */
final class FilePlanning {
  private static final int MAX_EXCLUSION_KEY = 1024;
  private static final int MAX_FOLDER_NAME = 200;

  private final FileStorage storage;
  private final PlanContext context;
  private final List<ExportIssue> problems = new ArrayList<>();
  private final Set<String> folders = new HashSet<>();

  private FilePlanning(FileStorage storage, PlanContext context) {
    this.storage = storage;
    this.context = context;
  }

  /**
   * The plan for a request.
   *
   * @throws ExportRefusedException with every problem found
   */
  static ExportPlan plan(FileStorage storage, PlanContext context) {
    return new FilePlanning(storage, context).plan();
  }

  private ExportPlan plan() {
    List<ExportPlan.ViewPlan> plans = new ArrayList<>();
    for (ExportView view : context.views()) {
      checkKey(view);
      checkName(view);
      Optional<FileTarget> target =
          FileParameters.read(storage, view.parameters(), name -> expression(view, name), problems);
      target.ifPresent(
          found ->
              plans.add(
                  new ExportPlan.ViewPlan(
                      view.settings().chunkCount().orElse(1), exclusionKey(found))));
    }
    if (!problems.isEmpty()) {
      // A parameter of the whole job has the same problem for each view.
      throw new ExportRefusedException(List.copyOf(new LinkedHashSet<>(problems)));
    }
    return new ExportPlan(plans);
  }

  /** Names the folder, in which each output has a place of its own. */
  private static String exclusionKey(FileTarget target) {
    String key = "files:" + target.folder();
    return key.length() <= MAX_EXCLUSION_KEY
        ? key
        : "files:" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
  }

  private void checkKey(ExportView view) {
    List<String> key = view.settings().mergeKey();
    for (String column : new LinkedHashSet<>(key)) {
      if (view.description().schema().find(column).isEmpty()) {
        problem(
            "no-key-column",
            "The view "
                + view.description().name()
                + " has no column "
                + column
                + "; name the columns of its key by mergeKey.",
            part(view, "mergeKey"));
      }
    }
    if (new HashSet<>(key).size() < key.size()) {
      problem("duplicate-key-column", "mergeKey names a column twice.", part(view, "mergeKey"));
    }
  }

  /** Some file systems take two names that differ in case alone for one. */
  private void checkName(ExportView view) {
    String folder = Layout.folderName(view.name());
    if (folder.isEmpty() || folder.length() > MAX_FOLDER_NAME) {
      problem(
          "invalid-name",
          "The output's name can't name a folder; choose a shorter one.",
          part(view, "name"));
    }
    if (!folders.add(folder.toLowerCase(Locale.ROOT))) {
      problem(
          "duplicate-output-name",
          "Two outputs have names that differ in case alone, which not all file systems can tell"
              + " apart; choose others.",
          part(view, "name"));
    }
  }

  private void problem(String code, String message, String expression) {
    problems.add(ExportIssue.of(code, message, expression));
  }

  private String expression(ExportView view, String parameter) {
    boolean own = context.request().views().get(view.index()).parameters().containsKey(parameter);
    return own ? part(view, parameter) : parameter;
  }

  private static String part(ExportView view, String name) {
    return "view[" + view.index() + "]." + name;
  }
}
