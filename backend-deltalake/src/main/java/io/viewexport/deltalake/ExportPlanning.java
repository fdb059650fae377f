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
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.MergeStatement;
import io.viewexport.deltalake.internal.schema.ColumnRules;
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

  private final ExportParameters parameters;
  private final PlanContext context;
  private final List<ExportIssue> problems = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();

  private ExportPlanning(ExportParameters parameters, PlanContext context) {
    this.parameters = parameters;
    this.context = context;
  }

  /**
   * The plan for a request.
   *
   * @throws ExportRefusedException with every problem found
   */
  static ExportPlan plan(ExportParameters parameters, PlanContext context) {
    return new ExportPlanning(parameters, context).plan();
  }

  private ExportPlan plan() {
    List<ExportPlan.ViewPlan> plans = new ArrayList<>();
    for (ExportView view : context.views()) {
      checkColumns(view);
      Optional<Place> place =
          parameters.read(view.parameters(), name -> expression(view, name), problems);
      place.ifPresent(found -> checkApart(view, found));
      place.ifPresent(found -> checkChunks(view, found));
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
  private static String exclusionKey(Place place) {
    String key = place.exclusionKey();
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

  /** One statement reads all staging tables of a view, and is as long as they are many. */
  private void checkChunks(ExportView view, Place place) {
    if (place instanceof ManagedPlace managed) {
      int most = MergeStatement.maxChunks(MergeSpec.of(managed.target().toString(), view));
      if (chunkCount(view) > most) {
        problems.add(
            ExportIssue.of(
                "too-many-chunks",
                "One merge can read at most "
                    + most
                    + " chunks of this view; ask for a smaller chunkCount.",
                expression(view, "chunkCount")));
      }
    }
  }

  /** The targets and staging roots of a job's views must not lie in each other. */
  private void checkApart(ExportView view, Place place) {
    for (Place other : places) {
      if (place.exclusionKey().equals(other.exclusionKey())
          || overlap(place.targetPath(), other.targetPath())) {
        problems.add(
            ExportIssue.of(
                "overlapping-paths",
                "Two views of a job can't be exported to the same table, nor one inside the other: "
                    + described(place)
                    + "; give each view a table of its own.",
                expression(view, targetParameter(place))));
      } else if (overlap(place.targetPath(), Optional.of(other.stagingRoot()))
          || overlap(Optional.of(place.stagingRoot()), other.targetPath())) {
        problems.add(
            ExportIssue.of(
                "overlapping-paths",
                "The staging of one view and the table of another must not lie in each other: "
                    + place.targetPath().or(other::targetPath).orElseThrow()
                    + ".",
                expression(view, ExportParameters.STAGING_TABLE_PATH)));
      }
    }
    places.add(place);
  }

  private static boolean overlap(Optional<String> a, Optional<String> b) {
    return a.isPresent() && b.isPresent() && DirectParameters.overlap(a.get(), b.get());
  }

  /** The target in the words of the request: its kind is known there. */
  private static String described(Place place) {
    String key = place.exclusionKey();
    return place.targetPath().orElse(key.substring(key.indexOf(':') + 1));
  }

  private static String targetParameter(Place place) {
    return place.targetPath().isPresent()
        ? ExportParameters.TABLE_PATH
        : ExportParameters.TABLE_NAME;
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
