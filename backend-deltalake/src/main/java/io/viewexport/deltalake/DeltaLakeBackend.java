// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import io.viewexport.deltalake.internal.merge.InProcessMerge;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.workspace.Pause;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Exports to Delta tables, kind {@value #KIND}: chunks are staged as Delta tables of their own,
 * then merged into the target in one commit, by this server or in the SQL warehouse of a workspace.
 * Safe for use by many threads.
 */
public final class DeltaLakeBackend implements ExportBackend {
  /** The kind that requests name. */
  public static final String KIND = "data-lakehouse";

  private final ExportParameters parameters;
  private final DirectExport direct;
  private final ManagedExport managed;
  private final List<Runnable> onClose;

  /** With a storage of the caller's: for tests that break it. */
  DeltaLakeBackend(DeltaLakeConfig config, LakeStorage storage) {
    this(config, storage, new LakeWorkspaces(List.of()), Pause.real(), List.of());
  }

  DeltaLakeBackend(
      DeltaLakeConfig config,
      LakeStorage storage,
      LakeWorkspaces workspaces,
      Pause pause,
      List<Runnable> onClose) {
    this.parameters = new ExportParameters(storage, workspaces);
    this.direct = new DirectExport(config, storage);
    this.managed = new ManagedExport(config, pause);
    this.onClose = List.copyOf(onClose);
  }

  /** A backend with these settings, for tables in local folders. */
  public static DeltaLakeBackend create(DeltaLakeConfig config) {
    return builder(config).build();
  }

  /** Starts with these settings, and tables in local folders alone. */
  public static DeltaLakeBackendBuilder builder(DeltaLakeConfig config) {
    return new DeltaLakeBackendBuilder(config);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public List<BackendParameter> parameters() {
    return ExportParameters.ALL;
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    return ExportPlanning.plan(parameters, context);
  }

  /** Checks that the target can take the rows and that staging can be written. */
  @Override
  public void setupExport(SetupContext context) {
    Place place = place(context.view());
    if (place instanceof DirectPlace ofDirect) {
      direct.setUp(context, ofDirect);
    } else if (place instanceof ManagedPlace ofManaged) {
      managed.setUp(context, ofManaged);
    }
  }

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    Place place = place(context.view());
    return place instanceof DirectPlace ofDirect
        ? direct.stage(context, ofDirect, rows)
        : managed.stage(context, (ManagedPlace) place, rows);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    Place place = finalPlace(context);
    return place instanceof DirectPlace ofDirect
        ? direct.merge(context, ofDirect)
        : managed.merge(context, (ManagedPlace) place);
  }

  private Place finalPlace(FinalizeContext context) {
    try {
      return place(context.view());
    } catch (ExportException e) {
      throw InProcessMerge.beforeLookUp(context, e);
    }
  }

  /**
   * Deletes the job's staging, and what else it left behind. Of a view whose merge has no known
   * outcome it finds that out first, and keeps everything where it can't.
   */
  @Override
  public void cancelExport(CancelContext context) {
    List<ExportException> failures = new ArrayList<>();
    List<TableExport.Ended<DirectPlace>> ofDirect = new ArrayList<>();
    List<TableExport.Ended<ManagedPlace>> ofManaged = new ArrayList<>();
    for (CancelContext.EndedView view : context.views()) {
      try {
        Place place = place(view.view());
        if (place instanceof DirectPlace directPlace) {
          ofDirect.add(new TableExport.Ended<>(view, directPlace));
        } else if (place instanceof ManagedPlace managedPlace) {
          ofManaged.add(new TableExport.Ended<>(view, managedPlace));
        }
      } catch (ExportException e) {
        failures.add(e);
      }
    }
    failures.addAll(direct.cleanUp(context, ofDirect));
    failures.addAll(managed.cleanUp(context, ofManaged));
    throwFirst(failures);
  }

  private static void throwFirst(List<ExportException> failures) {
    if (failures.isEmpty()) {
      return;
    }
    ExportException first = failures.get(0);
    failures.stream().skip(1).forEach(first::addSuppressed);
    throw first;
  }

  private Place place(ExportView view) {
    return parameters.accepted(view.parameters());
  }

  @Override
  public void close() {
    onClose.forEach(Runnable::run);
  }
}
