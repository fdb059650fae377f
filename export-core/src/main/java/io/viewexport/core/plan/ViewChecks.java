// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Checks what is asked for one view against its columns. */
final class ViewChecks {
  private static final String NO_TIMESTAMP = "no-timestamp-column";
  private static final String NO_PATIENT = "no-patient-column";

  private final ExportView view;
  private final ViewOptions own;
  private final ViewSettings settings;
  private final ViewSchema schema;
  private final Issues issues;
  private final boolean keyAsked;

  /**
   * Checks a view.
   *
   * @param own what the request asks for this view alone
   * @param ofJob what it asks for all
   */
  ViewChecks(ExportView view, ViewOptions own, ViewOptions ofJob, Issues issues) {
    this.view = view;
    this.own = own;
    this.issues = issues;
    settings = view.settings();
    schema = view.description().schema();
    keyAsked = !own.mergeKey().isEmpty() || !ofJob.mergeKey().isEmpty();
  }

  void check() {
    if (keyAsked) {
      checkKey();
    }
    settings.timestampColumn().ifPresent(this::checkTimestamp);
    if (settings.timestampColumn().isEmpty()) {
      checkNoneNeeded();
    }
    settings.patientColumn().ifPresent(this::checkPatient);
    if (settings.patientColumn().isEmpty() && settings.filters().limitsPatients()) {
      String filter = settings.filters().groups().isEmpty() ? "patient" : "group";
      String text =
          "%s can't be filtered by %s: no column of it is known to hold the patient's key; name one"
              + " by patientColumn.";
      issues.add(
          NO_PATIENT,
          text.formatted(view.name(), filter),
          part(own.filters().isPresent()).named(filter));
    }
    settings.chunkCount().ifPresent(this::checkCut);
  }

  /** Checks that the view can be cut into this many chunks. */
  void checkCut(int chunks) {
    if (chunks == 1) {
      return;
    }
    if (!view.description().sliceKinds().contains(SliceKind.KEY_HASH)) {
      String text = "The source can't cut " + view.description().name() + "; ask for one chunk.";
      issues.add("not-supported", text, chunkCountPart());
    }
    if (!keyAsked) {
      checkKey();
    }
  }

  String chunkCountPart() {
    return part(own.chunkCount().isPresent()).named("chunkCount");
  }

  private void checkKey() {
    Part part = part(!own.mergeKey().isEmpty());
    List<String> key = settings.mergeKey();
    if (new HashSet<>(key).size() < key.size()) {
      String text = "The merge key of " + view.name() + " names a column twice.";
      issues.add("duplicate-key-column", text, part.named("mergeKey"));
    }
    for (String column : key) {
      if (schema.find(column).isEmpty()) {
        issues.add("no-key-column", missing(column, "mergeKey"), part.named("mergeKey"));
      }
    }
  }

  private void checkTimestamp(String column) {
    String part = part(own.timestampColumn().isPresent()).named("timestampColumn");
    Optional<ViewColumn> found = schema.find(column);
    if (found.isEmpty()) {
      issues.add(NO_TIMESTAMP, missing(column, "timestampColumn"), part);
    } else if (!isTime(found.get().type().kind())) {
      String text =
          "Column \"%s\" of %s is of type %s; timestampColumn must name one of a time or a day."
              .formatted(column, view.description().name(), found.get().sourceType());
      issues.add(NO_TIMESTAMP, text, part);
    }
  }

  private void checkPatient(String column) {
    String part = part(own.patientColumn().isPresent()).named("patientColumn");
    Optional<ViewColumn> found = schema.find(column);
    if (found.isEmpty()) {
      issues.add(NO_PATIENT, missing(column, "patientColumn"), part);
    } else if (!isKey(found.get().type().kind())) {
      String text =
          "Column \"%s\" of %s is of type %s; patientColumn must name one of texts or integers."
              .formatted(column, view.description().name(), found.get().sourceType());
      issues.add(NO_PATIENT, text, part);
    }
  }

  private void checkNoneNeeded() {
    if (settings.filters().since().isPresent()) {
      String text =
          "%s can't be filtered by time: no column of it is known to say when a row changed; name"
              + " one by timestampColumn.";
      issues.add(
          NO_TIMESTAMP,
          text.formatted(view.name()),
          part(own.filters().isPresent()).named("since"));
    } else if (settings.mergeMode() == MergeMode.UPSERT
        || settings.mergeMode() == MergeMode.HISTORY) {
      String text =
          "mergeMode %s needs a timestampColumn for %s."
              .formatted(settings.mergeMode().code(), view.name());
      issues.add(NO_TIMESTAMP, text, part(own.mergeMode().isPresent()).named("mergeMode"));
    }
  }

  private String missing(String column, String parameter) {
    return "View %s has no column \"%s\"; name one that it has by %s."
        .formatted(view.description().name(), column, parameter);
  }

  private Part part(boolean ofView) {
    return new Part(view.index(), ofView);
  }

  private static boolean isKey(ColumnType.Kind kind) {
    return kind == ColumnType.Kind.STRING
        || kind == ColumnType.Kind.INT
        || kind == ColumnType.Kind.BIGINT;
  }

  private static boolean isTime(ColumnType.Kind kind) {
    return kind == ColumnType.Kind.TIMESTAMP || kind == ColumnType.Kind.DATE;
  }
}
