// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.catalog.CatalogTable;
import io.viewexport.deltalake.internal.merge.TargetDdl;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the target is there and can be one. */
final class TargetChecks {
  private final LakeWorkspace lake;
  private final TableName target;
  private boolean hasIsDeleted;

  TargetChecks(LakeWorkspace lake, TableName target) {
    this.lake = lake;
    this.target = target;
  }

  DoctorFinding target() {
    if (!lake.config().allowsTarget(target.catalog(), target.schema())) {
      return failed(
          "target-not-allowed",
          "Tables of " + target.schemaName() + " are no targets of exports.",
          "Name another table, or add the schema to allowedTargets.",
          List.of());
    }
    Optional<CatalogTable> found = lake.catalog().findTable(target, Examination.NEVER);
    if (found.isEmpty()) {
      return failed(
          "target-table-missing",
          "There is no table " + target + ".",
          "Make it, with the key at the least, or name another one.",
          List.of(TargetDdl.createTable(target, LakeSchema.of(key()))));
    }
    CatalogTable table = found.get();
    boolean isView = table.tableType().toUpperCase(Locale.ROOT).endsWith("VIEW");
    if (isView || (!table.format().isEmpty() && !table.format().equalsIgnoreCase("delta"))) {
      return failed(
          "target-not-delta", target + " is no Delta table.", "Name one that is.", List.of());
    }
    hasIsDeleted =
        table.columns().stream()
            .anyMatch(column -> column.name().equalsIgnoreCase(LakeSchema.IS_DELETED));
    return DoctorFinding.ok(DoctorCheck.TARGET, target + " is a Delta table.");
  }

  /** What the probe's table and an advised target have. */
  static ViewSchema key() {
    return new ViewSchema(List.of(new ViewColumn("id", ColumnType.STRING, "text")));
  }

  private static DoctorFinding failed(String code, String found, String advice, List<String> sql) {
    return DoctorFinding.failed(DoctorCheck.TARGET, code, found, advice, sql);
  }

  DoctorFinding columns() {
    if (hasIsDeleted) {
      return DoctorFinding.ok(DoctorCheck.TARGET_COLUMNS, "It has the column is_deleted.");
    }
    return switch (lake.config().missingIsDeleted()) {
      case ADD ->
          DoctorFinding.ok(
              DoctorCheck.TARGET_COLUMNS, "It has no column is_deleted; the first export adds it.");
      case FAIL ->
          DoctorFinding.failed(
              DoctorCheck.TARGET_COLUMNS,
              "is-deleted-column-missing",
              "It has no column is_deleted, and this server does not add it.",
              "Add it.",
              List.of("ALTER TABLE " + target.sql() + " ADD COLUMNS (is_deleted INT)"));
    };
  }
}
