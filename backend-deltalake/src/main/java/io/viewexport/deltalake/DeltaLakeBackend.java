// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
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
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.RowCursor;
import io.viewexport.deltalake.internal.merge.InProcessMerge;
import io.viewexport.deltalake.internal.merge.MergeSettings;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.StagedTable;
import io.viewexport.deltalake.internal.merge.TargetFiles;
import io.viewexport.deltalake.internal.merge.TargetTable;
import io.viewexport.deltalake.internal.parquet.PageCompression;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.s3.S3Storage;
import io.viewexport.deltalake.internal.staging.ChunkStaging;
import io.viewexport.deltalake.internal.staging.StagingLayout;
import io.viewexport.deltalake.internal.staging.StagingReceipt;
import io.viewexport.deltalake.internal.staging.StagingSettings;
import io.viewexport.deltalake.internal.storage.Attempt;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import io.viewexport.deltalake.internal.storage.RoutedStorage;
import io.viewexport.deltalake.internal.storage.StorageFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Exports to Delta tables, kind {@value #KIND}: chunks are staged as Delta tables of their own,
 * then merged into the target in one commit. Safe for use by many threads.
 */
public final class DeltaLakeBackend implements ExportBackend {
  /** The kind that requests name. */
  public static final String KIND = "data-lakehouse";

  /** How often a merge is computed anew within one attempt, because another writer was first. */
  private static final int MAX_CONFLICTS = 20;

  private final DeltaLakeConfig config;
  private final LakeStorage storage;
  private final List<S3Access> owned;

  /** With a storage of the caller's: for tests that break it. */
  DeltaLakeBackend(DeltaLakeConfig config, LakeStorage storage) {
    this(config, storage, List.of());
  }

  private DeltaLakeBackend(DeltaLakeConfig config, LakeStorage storage, List<S3Access> owned) {
    this.config = config;
    this.storage = storage;
    this.owned = owned;
  }

  /** A backend with these settings, for tables in local folders. */
  public static DeltaLakeBackend create(DeltaLakeConfig config) {
    return builder(config).build();
  }

  /** Starts with these settings, and tables in local folders alone. */
  public static Builder builder(DeltaLakeConfig config) {
    return new Builder(config);
  }

  /** Collects where tables may be. */
  public static final class Builder {
    private final DeltaLakeConfig config;
    private Optional<S3Storage> buckets = Optional.empty();
    private final List<S3Access> owned = new ArrayList<>();

    private Builder(DeltaLakeConfig config) {
      this.config = config;
    }

    /**
     * Tables in S3, too.
     *
     * @param credentials asked with each request, so that they may be renewed; the backend doesn't
     *     close them
     * @throws IllegalArgumentException where no root is allowed, or one is no URL of S3
     */
    public Builder s3(S3Config s3, AwsCredentialsProvider credentials) {
      return s3(s3, S3Access.create(s3), credentials);
    }

    /** As the other, over connections of the caller's: for tests that break them. */
    Builder s3(S3Config s3, S3Access access, AwsCredentialsProvider credentials) {
      try {
        buckets =
            Optional.of(S3Storage.create(access, s3.allowedRoots(), credentials, settings(config)));
      } catch (PathNotAllowedException e) {
        access.close();
        throw new IllegalArgumentException("allowedRoots of S3: " + e.message(), e);
      }
      owned.add(access);
      return this;
    }

    /**
     * The backend; whoever builds it closes it.
     *
     * @throws IllegalArgumentException where nothing is allowed anywhere
     */
    public DeltaLakeBackend build() {
      LakeStorage local = LocalStorage.create(config.allowedRoots(), settings(config));
      if (buckets.isEmpty() && config.allowedRoots().isEmpty()) {
        throw new IllegalArgumentException("at least one root must be allowed");
      }
      LakeStorage all =
          buckets
              .<LakeStorage>map(s3 -> new RoutedStorage(local, s3, S3Storage::isUrl))
              .orElse(local);
      return new DeltaLakeBackend(config, all, List.copyOf(owned));
    }

    private static Map<String, String> settings(DeltaLakeConfig config) {
      return Map.of("parquet.compression", config.compression().name());
    }
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
    return ExportPlanning.plan(storage, context);
  }

  /**
   * Checks that the target can take the rows and that staging can be written. Leaves no trace but
   * an empty folder in staging.
   */
  @Override
  public void setupExport(SetupContext context) {
    ExportPlace place = place(context.view());
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
      ExportStoppedException stopped, SetupContext context, ExportPlace place) {
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
  private void probe(SetupContext context, ExportPlace place) {
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
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    ExportPlace place = place(context.view());
    PageCompression compression =
        switch (config.compression()) {
          case ZSTD -> PageCompression.ZSTD;
          case SNAPPY -> PageCompression.SNAPPY;
        };
    var settings =
        new StagingSettings(compression, config.rowGroupBytes(), place.targetFileBytes());
    return ChunkStaging.stage(storage, place.stagingRoot(), settings, context, rows);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    ExportPlace place = finalPlace(context);
    var settings =
        new MergeSettings(config.mergeMemoryBytes(), place.targetFileBytes(), MAX_CONFLICTS);
    MergeSpec spec = MergeSpec.of(place.target(), context.view());
    return new InProcessMerge(storage, settings).run(context, spec, () -> staged(context, place));
  }

  private ExportPlace finalPlace(FinalizeContext context) {
    try {
      return place(context.view());
    } catch (ExportException e) {
      throw InProcessMerge.beforeLookUp(context, e);
    }
  }

  private static List<StagedTable> staged(FinalizeContext context, ExportPlace place) {
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
   * Deletes the job's staging, and its files in the target that the target's log does not name. Of
   * a view whose merge has no known outcome it finds that out first, and keeps everything where it
   * can't.
   */
  @Override
  public void cancelExport(CancelContext context) {
    List<ExportException> failures = new ArrayList<>();
    Map<String, ExportPlace> emptied = new LinkedHashMap<>();
    for (CancelContext.EndedView view : context.views()) {
      context.stop().throwIfStopped();
      try {
        ExportPlace place = place(view.view());
        findOutcome(context.jobId(), view, place);
        emptied.put(place.stagingRoot(), place);
        cleanUp(context.jobId(), view, place);
      } catch (ExportException e) {
        failures.add(e);
      }
    }
    for (ExportPlace place : emptied.values()) {
      try {
        removeEmpty(context.jobId(), place);
      } catch (ExportException e) {
        failures.add(e);
      }
    }
    throwFirst(failures);
  }

  private void findOutcome(JobId job, CancelContext.EndedView view, ExportPlace place) {
    if (view.merge() == MergeOutcome.UNKNOWN) {
      TargetFiles.findOutcome(storage, place.target(), job, view.view().index());
    }
  }

  private void cleanUp(JobId job, CancelContext.EndedView view, ExportPlace place) {
    int index = view.view().index();
    // First what needs no target: a target that can't be read any more must not keep the staging.
    storage.deleteTree(StagingLayout.ofView(place.stagingRoot(), job, index));
    TargetFiles.removeOrphans(storage, place.target(), job, index);
  }

  private void removeEmpty(JobId job, ExportPlace place) {
    storage.deleteIfEmpty(StagingLayout.ofJob(place.stagingRoot(), job));
    if (place.ownStagingRoot()) {
      storage.deleteIfEmpty(place.stagingRoot());
    }
  }

  private static void throwFirst(List<ExportException> failures) {
    if (failures.isEmpty()) {
      return;
    }
    ExportException first = failures.get(0);
    failures.stream().skip(1).forEach(first::addSuppressed);
    throw first;
  }

  private ExportPlace place(ExportView view) {
    return ExportParameters.accepted(storage, view.parameters());
  }

  @Override
  public void close() {
    owned.forEach(S3Access::close);
  }
}
