// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.internal.catalog.CatalogTable;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.TargetDdl;
import io.viewexport.deltalake.internal.merge.WarehouseMatch;
import io.viewexport.deltalake.internal.merge.WarehouseTarget;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.warehouse.StatementRun;
import java.util.List;

/** The columns of a target in Unity Catalog: looked at, checked, and added to. */
final class TargetColumns {
  private final ManagedPlace place;
  private final MergeSpec spec;

  TargetColumns(ManagedPlace place, MergeSpec spec) {
    this.place = place;
    this.spec = spec;
  }

  /**
   * Checks that the target can take the view's rows, and adds the columns that it lacks; done
   * again, that changes nothing.
   *
   * @throws ExportException {@code PERMANENT} where it is not there, or can't take the rows, naming
   *     each column with both types
   */
  void sync(SetupContext context, StatementRun statements) {
    List<ViewColumn> missing = match(find(context)).missing();
    if (missing.isEmpty()) {
      return;
    }
    checkIsDeleted(missing);
    var purpose =
        new StatementRun.Purpose(
            "Columns not added to " + place.target(), place.target(), context.view().index());
    statements.await(TargetDdl.addColumns(place.target(), missing), purpose, context);
  }

  /**
   * The target as it is.
   *
   * @throws ExportException {@code PERMANENT} where it is not there, or no Delta table
   */
  WarehouseTarget find(TaskContext context) {
    CatalogTable table =
        place
            .workspace()
            .catalog()
            .findTable(place.target(), context.stop())
            .orElseThrow(
                () ->
                    ExportException.permanent(
                        "target-table-missing",
                        "There is no table "
                            + place.target()
                            + "; make it, or correct tableName. An empty one will do: "
                            + TargetDdl.createTable(place.target(), spec.schema()),
                        null));
    if (!table.format().isEmpty() && !table.format().equalsIgnoreCase("delta")) {
      throw ExportException.permanent(
          "target-not-delta",
          "The table " + place.target() + " is no Delta table; choose one that is.",
          null);
    }
    List<WarehouseTarget.Column> columns =
        table.columns().stream()
            .map(
                column ->
                    new WarehouseTarget.Column(column.name(), column.typeText(), column.nullable()))
            .toList();
    return new WarehouseTarget(place.target(), columns);
  }

  private WarehouseMatch match(WarehouseTarget target) {
    WarehouseMatch match = WarehouseMatch.of(spec.schema(), target);
    if (!match.problems().isEmpty()) {
      throw ExportException.permanent(
          "target-not-supported",
          "The table "
              + place.target()
              + " can't be merged into: "
              + String.join(" ", match.problems()),
          null);
    }
    return match;
  }

  private void checkIsDeleted(List<ViewColumn> missing) {
    boolean is = missing.stream().anyMatch(column -> column.name().equals(LakeSchema.IS_DELETED));
    if (is
        && place.workspace().config().missingIsDeleted() == WorkspaceConfig.MissingIsDeleted.FAIL) {
      throw ExportException.permanent(
          "is-deleted-column-missing",
          "The table "
              + place.target()
              + " has no column is_deleted, and this server does not add it: ALTER TABLE "
              + place.target()
              + " ADD COLUMNS (is_deleted INT).",
          null);
    }
  }

  /**
   * Checks that staging tables can be registered beside the target.
   *
   * @throws ExportException {@code PERMANENT} where their schema is not there
   */
  void checkStagingSchema(TaskContext context) {
    String schema = place.target().inStaging("any").schema();
    boolean there =
        place.workspace().catalog().schemaExists(place.target().catalog(), schema, context.stop());
    if (!there) {
      throw ExportException.permanent(
          "staging-schema-missing",
          "There is no schema "
              + place.target().catalog()
              + "."
              + schema
              + " for staging tables: "
              + TargetDdl.createSchema(place.target().catalog(), schema)
              + ", and grant on it USE SCHEMA, CREATE TABLE and EXTERNAL USE SCHEMA.",
          null);
    }
  }
}
