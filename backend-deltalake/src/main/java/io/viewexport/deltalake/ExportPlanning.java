// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.schema.ColumnRules;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The checks of a request, and the plan for it. */
final class ExportPlanning {
  private static final int MAX_EXCLUSION_KEY = 1024;

  private final LakeStorage storage;
  private final PlanContext context;
  private final List<ExportIssue> problems = new ArrayList<>();
  private final List<ExportPlace> places = new ArrayList<>();

  private ExportPlanning(LakeStorage storage, PlanContext context) {
    this.storage = storage;
    this.context = context;
  }

  /**
   * The plan for a request.
   *
   * @throws ExportRefusedException with every problem found
   */
  static ExportPlan plan(LakeStorage storage, PlanContext context) {
    return new ExportPlanning(storage, context).plan();
  }

  private ExportPlan plan() {
    List<ExportPlan.ViewPlan> plans = new ArrayList<>();
    for (ExportView view : context.views()) {
      checkColumns(view);
      Optional<ExportPlace> place =
          ExportParameters.read(
              storage, view.parameters(), name -> expression(view, name), problems);
      place.ifPresent(found -> checkApart(view, found));
      place.ifPresent(
          found -> plans.add(new ExportPlan.ViewPlan(chunkCount(view), exclusionKey(found))));
    }
    if (!problems.isEmpty()) {
      throw new ExportRefusedException(problems);
    }
    return new ExportPlan(plans);
  }

  private static int chunkCount(ExportView view) {
    return view.settings().chunkCount().orElse(1);
  }

  /** The target's path; of one that is too long, what tells it from others. */
  private static String exclusionKey(ExportPlace place) {
    String key = "delta:" + place.target();
    if (key.length() <= MAX_EXCLUSION_KEY) {
      return key;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return "delta-sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The targets and staging roots of a job's views must not lie in each other. */
  private void checkApart(ExportView view, ExportPlace place) {
    for (ExportPlace other : places) {
      if (ExportParameters.overlap(place.target(), other.target())) {
        problems.add(
            ExportIssue.of(
                "overlapping-paths",
                "Two views of a job can't be exported to the same table, nor one inside the other: "
                    + place.target()
                    + "; give each view a tablePath of its own.",
                expression(view, ExportParameters.TABLE_PATH)));
      } else if (ExportParameters.overlap(place.target(), other.stagingRoot())
          || ExportParameters.overlap(place.stagingRoot(), other.target())) {
        problems.add(
            ExportIssue.of(
                "overlapping-paths",
                "The staging of one view and the table of another must not lie in each other: "
                    + place.target()
                    + ".",
                expression(view, ExportParameters.STAGING_TABLE_PATH)));
      }
    }
    places.add(place);
  }

  private void checkColumns(ExportView view) {
    ViewSchema schema = view.description().schema();
    problems.addAll(ColumnRules.problems(schema, expression(view, "view")));
    checkKey(view, schema);
    checkTimestamp(view, schema);
  }

  private void checkKey(ExportView view, ViewSchema schema) {
    Set<String> seen = new HashSet<>();
    String twice =
        view.settings().mergeKey().stream()
            .filter(column -> !seen.add(column))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!twice.isEmpty()) {
      problems.add(
          ExportIssue.of(
              "invalid-value",
              "mergeKey names a column twice: " + twice + ".",
              expression(view, "mergeKey")));
    }
    String missing =
        view.settings().mergeKey().stream()
            .filter(column -> schema.find(column).isEmpty())
            .distinct()
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      problems.add(
          ExportIssue.of(
              "no-key-column",
              "The view "
                  + view.description().name()
                  + " has no column "
                  + missing
                  + "; name the columns of its key by mergeKey. Its columns are "
                  + names(schema)
                  + ".",
              expression(view, "mergeKey")));
    }
  }

  private void checkTimestamp(ExportView view, ViewSchema schema) {
    MergeMode mode = view.settings().mergeMode();
    boolean needed = mode == MergeMode.UPSERT || mode == MergeMode.HISTORY;
    Optional<String> name = view.settings().timestampColumn();
    if (name.isEmpty()) {
      if (needed) {
        problems.add(
            ExportIssue.of(
                "no-timestamp-column",
                "mergeMode " + mode.code() + " needs timestampColumn.",
                expression(view, "timestampColumn")));
      }
      return;
    }
    Optional<ViewColumn> column = schema.find(name.get());
    if (column.isEmpty()) {
      problems.add(
          ExportIssue.of(
              "no-timestamp-column",
              "The view "
                  + view.description().name()
                  + " has no column "
                  + name.get()
                  + "; its columns are "
                  + names(schema)
                  + ".",
              expression(view, "timestampColumn")));
    } else if (!isTime(column.get().type())) {
      problems.add(
          ExportIssue.of(
              "no-timestamp-column",
              "The column "
                  + name.get()
                  + " ("
                  + column.get().sourceType()
                  + ") tells no time; timestampColumn must be a timestamp or a date.",
              expression(view, "timestampColumn")));
    }
  }

  private static boolean isTime(ColumnType type) {
    return type.kind() == ColumnType.Kind.TIMESTAMP || type.kind() == ColumnType.Kind.DATE;
  }

  private static String names(ViewSchema schema) {
    return schema.columns().stream().map(ViewColumn::name).collect(Collectors.joining(", "));
  }

  private String expression(ExportView view, String name) {
    if (name.equals("view")) {
      return "view[" + view.index() + "]";
    }
    return context.views().size() == 1 ? name : "view[" + view.index() + "]." + name;
  }
}
