// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.RowCursor;
import io.viewexport.deltalake.internal.merge.InProcessMerge;
import io.viewexport.deltalake.internal.merge.MergeSettings;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.StagedTable;
import io.viewexport.deltalake.internal.merge.TargetFiles;
import io.viewexport.deltalake.internal.merge.TargetTable;
import io.viewexport.deltalake.internal.staging.ChunkStaging;
import io.viewexport.deltalake.internal.staging.StagingLayout;
import io.viewexport.deltalake.internal.staging.StagingReceipt;
import io.viewexport.deltalake.internal.storage.Attempt;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.StorageFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Mode {@code external-direct}: the merge runs on this server, in one commit. */
final class DirectExport implements TableExport<DirectPlace> {
  /** How often a merge is computed anew within one attempt, because another writer was first. */
  private static final int MAX_CONFLICTS = 20;

  private final DeltaLakeConfig config;
  private final LakeStorage storage;

  DirectExport(DeltaLakeConfig config, LakeStorage storage) {
    this.config = config;
    this.storage = storage;
  }

  /**
   * Checks that the target can take the rows and that staging can be written. Leaves no trace but
   * an empty folder in staging.
   */
  @Override
  public void setUp(SetupContext context, DirectPlace place) {
    TargetTable.check(storage, MergeSpec.of(place.target(), context.view()));
    context.stop().throwIfStopped();
    try {
      probe(context, place);
    } catch (ExportStoppedException e) {
      throw withoutFolder(e, context, place);
    }
  }

  /** One that was frozen may have made its folder again after the job's clean-up. */
  private ExportStoppedException withoutFolder(
      ExportStoppedException stopped, SetupContext context, DirectPlace place) {
    int view = context.view().index();
    try {
      storage.deleteIfEmpty(StagingLayout.ofView(place.stagingRoot(), context.jobId(), view));
      removeEmpty(context.jobId(), place);
    } catch (ExportException leftForCleanUp) {
      stopped.addSuppressed(leftForCleanUp);
    }
    return stopped;
  }

  /** Writes and deletes a file: what else would only fail after hours of reading. */
  private void probe(SetupContext context, DirectPlace place) {
    int view = context.view().index();
    String work = context.jobId() + ".v" + view + ".setup";
    LakeStorage own = storage.usedBy(new Attempt(work, context.attempt(), context.stop()));
    String directory = StagingLayout.ofView(place.stagingRoot(), context.jobId(), view);
    String file = directory + "/.viewexport-probe-" + UUID.randomUUID();
    own.createDirectories(directory);
    try (var out = own.fileIo().newOutputFile(file).create(false)) {
      out.write(new byte[] {1});
    } catch (IOException e) {
      throw StorageFailures.of(e, "Staging not possible", place.stagingRoot());
    } finally {
      own.deleteFile(file);
    }
  }

  @Override
  public ChunkReceipt stage(ChunkContext context, DirectPlace place, RowCursor rows) {
    return ChunkStaging.stage(
        storage, place.stagingRoot(), config.staging(place.targetFileBytes()), context, rows);
  }

  @Override
  public FinalizeStep merge(FinalizeContext context, DirectPlace place) {
    var settings =
        new MergeSettings(config.mergeMemoryBytes(), place.targetFileBytes(), MAX_CONFLICTS);
    MergeSpec spec = MergeSpec.of(place.target(), context.view());
    return new InProcessMerge(storage, settings).run(context, spec, () -> staged(context, place));
  }

  private static List<StagedTable> staged(FinalizeContext context, DirectPlace place) {
    return context.receipts().stream()
        .map(
            accepted -> {
              ChunkReceipt receipt = accepted.receipt();
              String path = StagingReceipt.parse(receipt.payload()).path();
              return new StagedTable(place.stagingRoot() + "/" + path, receipt.rowCount());
            })
        .toList();
  }

  /**
   * Deletes the views' staging, and their files in the targets that the targets' logs do not name.
   * Of a view whose merge has no known outcome it finds that out first, and keeps everything where
   * it can't.
   */
  @Override
  public List<ExportException> cleanUp(CancelContext context, List<Ended<DirectPlace>> views) {
    List<ExportException> failures = new ArrayList<>();
    Map<String, DirectPlace> emptied = new LinkedHashMap<>();
    for (Ended<DirectPlace> ended : views) {
      context.stop().throwIfStopped();
      try {
        findOutcome(context.jobId(), ended);
        emptied.put(ended.place().stagingRoot(), ended.place());
        cleanUp(context.jobId(), ended);
      } catch (ExportException e) {
        failures.add(e);
      }
    }
    for (DirectPlace place : emptied.values()) {
      try {
        removeEmpty(context.jobId(), place);
      } catch (ExportException e) {
        failures.add(e);
      }
    }
    return failures;
  }

  private void findOutcome(JobId job, Ended<DirectPlace> ended) {
    if (ended.view().merge() == MergeOutcome.UNKNOWN) {
      TargetFiles.findOutcome(storage, ended.place().target(), job, ended.index());
    }
  }

  private void cleanUp(JobId job, Ended<DirectPlace> ended) {
    // First what needs no target: a target that can't be read any more must not keep the staging.
    storage.deleteTree(StagingLayout.ofView(ended.place().stagingRoot(), job, ended.index()));
    TargetFiles.removeOrphans(storage, ended.place().target(), job, ended.index());
  }

  private void removeEmpty(JobId job, DirectPlace place) {
    storage.deleteIfEmpty(StagingLayout.ofJob(place.stagingRoot(), job));
    if (place.ownStagingRoot()) {
      storage.deleteIfEmpty(place.stagingRoot());
    }
  }
}
