// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.RowCursor;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.staging.ChunkStaging;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.warehouse.OutcomeSearch;
import io.viewexport.deltalake.internal.warehouse.SqlWarehouse;
import io.viewexport.deltalake.internal.warehouse.StatementRun;
import io.viewexport.deltalake.internal.warehouse.WarehouseMerge;
import io.viewexport.deltalake.internal.warehouse.WarehouseSettings;
import io.viewexport.deltalake.internal.workspace.Pause;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * The modes {@code managed-sql} and {@code managed-zerobus}: staging tables in Unity Catalog,
 * merged by a statement in a SQL warehouse.
 */
final class ManagedExport implements TableExport<ManagedPlace> {
  private final DeltaLakeConfig config;
  private final Pause pause;

  ManagedExport(DeltaLakeConfig config, Pause pause) {
    this.config = config;
    this.pause = pause;
  }

  /** Checks that the target can take the rows, and adds the columns that it lacks. */
  @Override
  public void setUp(SetupContext context, ManagedPlace place) {
    TargetColumns target = new TargetColumns(place, spec(place, context.view()));
    target.checkStagingSchema(context);
    target.sync(context, statements(context, place));
  }

  @Override
  public ChunkReceipt stage(ChunkContext context, ManagedPlace place, RowCursor rows) {
    LakeStorage storage = new StagingTables(place).open(context);
    return ChunkStaging.stage(
        storage, place.stagingRoot(), config.staging(place.targetFileBytes()), context, rows);
  }

  @Override
  public FinalizeStep merge(FinalizeContext context, ManagedPlace place) {
    MergeSpec spec = spec(place, context.view());
    TargetColumns target = new TargetColumns(place, spec);
    StagingTables staging = new StagingTables(place);
    return warehouseMerge(place)
        .run(context, spec, () -> target.find(context), () -> staging.named(context));
  }

  /**
   * Deletes the views' staging. Of a view whose merge has no known outcome it finds that out first,
   * and keeps everything where it can't.
   */
  @Override
  public List<ExportException> cleanUp(CancelContext context, List<Ended<ManagedPlace>> views) {
    List<ExportException> failures = new ArrayList<>();
    for (Ended<ManagedPlace> ended : views) {
      context.stop().throwIfStopped();
      try {
        if (ended.view().merge() == MergeOutcome.UNKNOWN) {
          new OutcomeSearch(warehouse(ended.place()), settings(ended.place()), Clock.systemUTC())
              .run(context, ended.index());
        }
        new StagingTables(ended.place()).remove(context, ended.view());
      } catch (ExportException e) {
        failures.add(e);
      }
    }
    return failures;
  }

  private StatementRun statements(SetupContext context, ManagedPlace place) {
    return new StatementRun(
        warehouse(place), settings(place), time -> pause.pause(time, context.stop()));
  }

  private static WarehouseMerge warehouseMerge(ManagedPlace place) {
    return new WarehouseMerge(warehouse(place), settings(place), Clock.systemUTC());
  }

  private static SqlWarehouse warehouse(ManagedPlace place) {
    return place.workspace().warehouse(place.warehouseId());
  }

  private static WarehouseSettings settings(ManagedPlace place) {
    return place.workspace().config().warehouseSettings();
  }

  private static MergeSpec spec(ManagedPlace place, ExportView view) {
    return MergeSpec.of(place.target().toString(), view);
  }
}
