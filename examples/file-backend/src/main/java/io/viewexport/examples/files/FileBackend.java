// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import io.viewexport.examples.files.LocalFileStorage.Survival;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Exports to NDJSON, CSV, JSON or Parquet files, kind {@value #KIND}: each output is a folder of
 * files that appears as a whole, described by a {@link FileManifest} that is its location. Safe for
 * use by many threads.
 */
public final class FileBackend implements ExportBackend {
  /** The kind that requests name. */
  public static final String KIND = "files";

  private final FileBackendConfig config;
  private final FileStorage storage;

  /** With a storage of the caller's. */
  FileBackend(FileBackendConfig config, FileStorage storage) {
    this.config = config;
    this.storage = storage;
  }

  /** A backend with these settings. */
  public static FileBackend create(FileBackendConfig config) {
    return new FileBackend(
        config, new LocalFileStorage(config.allowedRoots(), Survival.POWER_FAILURE));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.SEVERAL_VIEWS);
  }

  @Override
  public List<BackendParameter> parameters() {
    return FileParameters.ALL;
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    return FilePlanning.plan(storage, context);
  }

  @Override
  public void setupExport(SetupContext context) {
    FileTarget target = FileParameters.accepted(storage, context.view().parameters());
    Layout layout = new Layout(target.folder(), context.jobId());
    String staging = layout.staging(context.view().index());
    try {
      context.stop().throwIfStopped();
      storage.createFolders(staging);
      takeBackIfStopped(context, layout, staging);
      // Tells whether files can be written, and keeps the folder from being taken back by others.
      storage.create(staging + "/s" + context.attempt()).close();
    } catch (IOException e) {
      throw FileFailures.of(e, "Export " + context.jobId() + " not set up");
    }
  }

  /** One that was frozen may have made its folder again after the job's clean-up. */
  private void takeBackIfStopped(SetupContext context, Layout layout, String staging)
      throws IOException {
    try {
      context.stop().throwIfStopped();
    } catch (ExportStoppedException e) {
      storage.deleteIfEmpty(staging);
      storage.deleteIfEmpty(layout.stagingOfJob());
      storage.deleteIfEmpty(layout.stagingOfAll());
      throw e;
    }
  }

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    FileTarget target = FileParameters.accepted(storage, context.view().parameters());
    try {
      return new ChunkExport(storage, config, target, context).write(rows);
    } catch (IOException e) {
      throw FileFailures.of(
          e, "Chunk " + context.chunk().chunk() + " of job " + context.jobId() + " not written");
    }
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    FileTarget target;
    try {
      target = FileParameters.accepted(storage, context.view().parameters());
    } catch (ExportException e) {
      throw Publication.beforeLookUp(context, e);
    }
    return new Publication(storage, target, context).run();
  }

  @Override
  public void cancelExport(CancelContext context) {
    new CleanUp(storage, context).run();
  }
}
