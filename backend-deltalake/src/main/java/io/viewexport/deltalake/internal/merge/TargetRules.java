// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.TimestampType;
import io.viewexport.api.ExportException;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What keeps a table from being the target of a merge, said by name before anything is written. */
final class TargetRules {

  /** Features that the merge honours, or that are checked by their use below. */
  private static final Set<String> KNOWN_FEATURES =
      Set.of(
          "allowColumnDefaults",
          "appendOnly",
          "changeDataFeed",
          "checkConstraints",
          "clustering",
          "columnMapping",
          "deletionVectors",
          "domainMetadata",
          "generatedColumns",
          "identityColumns",
          "inCommitTimestamp",
          "inCommitTimestamp-preview",
          "invariants",
          "rowTracking",
          "timestampNtz",
          "typeWidening",
          "typeWidening-preview",
          "v2Checkpoint",
          "vacuumProtocolCheck");

  private final DeltaTable table;
  private final MergeSpec spec;
  private final ColumnMatch match;
  private final List<String> problems = new ArrayList<>();

  private TargetRules(DeltaTable table, MergeSpec spec, ColumnMatch match) {
    this.table = table;
    this.spec = spec;
    this.match = match;
  }

  /**
   * Checks an existing table.
   *
   * @throws ExportException {@code PERMANENT}, with all there is against it
   */
  static void check(DeltaTable table, MergeSpec spec, ColumnMatch match) {
    TargetRules rules = new TargetRules(table, spec, match);
    rules.checkFeatures();
    rules.checkLayout();
    rules.checkModes();
    rules.checkColumns();
    rules.checkTargetOnly();
    if (!rules.problems.isEmpty()) {
      throw ExportException.permanent(
          "target-not-supported",
          "The table at "
              + spec.target()
              + " can't be merged into: "
              + String.join(" ", rules.problems),
          null);
    }
    table.checkWritable();
  }

  /** Checks what holds of any target, also of one that is not there yet. */
  static void checkSpec(MergeSpec spec) {
    if (spec.mode() != MergeMode.UPSERT) {
      return;
    }
    String timestamp =
        spec.timestamp().orElseThrow(() -> new IllegalArgumentException("upsert needs a time"));
    DataType type =
        LakeSchema.deltaType(
            spec.schema().columns().stream()
                .filter(column -> column.name().equals(timestamp))
                .findFirst()
                .orElseThrow()
                .type());
    if (!isTime(type)) {
      throw ExportException.permanent(
          "timestamp-column-type",
          "The timestamp column \""
              + timestamp
              + "\" is of type "
              + type
              + ", which does not tell newer from older; make it a timestamp, a date or an"
              + " integer in the view.",
          null);
    }
  }

  private static boolean isTime(DataType type) {
    return type instanceof TimestampType
        || type instanceof DateType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  private void checkFeatures() {
    for (String feature : table.features()) {
      if (feature.startsWith("catalogManaged") || feature.startsWith("catalogOwned")) {
        problems.add("it is managed by a catalog (table feature " + feature + ").");
      } else if (!KNOWN_FEATURES.contains(feature)) {
        problems.add("it uses the table feature " + feature + ".");
      }
    }
    table.properties().keySet().stream()
        .filter(name -> name.startsWith("delta.constraints."))
        .sorted()
        .forEach(
            name ->
                problems.add(
                    "it has the CHECK constraint "
                        + name.substring("delta.constraints.".length())
                        + "."));
  }

  private void checkLayout() {
    if (!table.partitionColumns().isEmpty()) {
      problems.add("it is partitioned by " + String.join(", ", table.partitionColumns()) + ".");
    }
    String mapping = property("delta.columnMapping.mode", "none");
    if (!mapping.equals("none")) {
      problems.add("it uses column mapping (delta.columnMapping.mode=" + mapping + ").");
    }
  }

  private String property(String name, String absent) {
    return table.properties().getOrDefault(name, absent).toLowerCase(Locale.ROOT);
  }

  private void checkModes() {
    if (!spec.rewrites()) {
      return;
    }
    Map<String, String> reasons =
        Map.of(
            "delta.appendOnly", "it is append-only",
            "delta.enableChangeDataFeed", "it keeps a change data feed",
            "delta.enableRowTracking", "it tracks rows");
    reasons.keySet().stream()
        .sorted()
        .filter(name -> property(name, "false").equals("true"))
        .forEach(
            name ->
                problems.add(
                    reasons.get(name)
                        + " ("
                        + name
                        + "=true), so mergeMode="
                        + spec.mode().code()
                        + " can't change its rows; use insert or history."));
  }

  private void checkColumns() {
    for (ColumnMatch.Pair pair : match.columns()) {
      StructField field = pair.field();
      if (!Widening.fits(pair.stagedType(), field.getDataType())) {
        problems.add(
            "column \""
                + field.getName()
                + "\" is of type "
                + field.getDataType()
                + ", the view's of type "
                + pair.stagedType()
                + ", which does not fit into it.");
      }
    }
    for (StructField field : table.schema().fields()) {
      checkRule(field);
    }
  }

  private void checkRule(StructField field) {
    FieldMetadata metadata = field.getMetadata();
    String column = "column \"" + field.getName() + "\" ";
    if (metadata.contains("delta.generationExpression")) {
      problems.add(column + "is a generated column.");
    }
    if (metadata.getEntries().keySet().stream().anyMatch(key -> key.startsWith("delta.identity"))) {
      problems.add(column + "is an identity column.");
    }
    if (metadata.contains("delta.invariants")) {
      problems.add(column + "has an invariant.");
    }
  }

  private void checkTargetOnly() {
    for (StructField field : match.targetOnly()) {
      String column = "column \"" + field.getName() + "\" is not in the view and ";
      if (!field.isNullable()) {
        problems.add(column + "NOT NULL.");
      }
      if (field.getMetadata().contains("CURRENT_DEFAULT")) {
        problems.add(column + "has a default value.");
      }
    }
  }
}
