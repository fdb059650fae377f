// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.source.PostgresSourceConfig;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.deltalake.BackendOnS3;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.DeltaLakeConfig;
import io.viewexport.deltalake.S3Config;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Path;
import java.util.List;

/** The whole library over the shared database, with tables in a folder or in a bucket. */
final class ExportLab implements AutoCloseable {
  private static final int CHUNKS = 3;
  private static final int WORKERS = 4;

  private final Path folder;

  /** How requests name the folder. */
  private final String root;

  private final String schema;
  private final JobStore store = InMemoryJobStore.create();
  private final ExportBackend backend;
  private final ExportService service;

  private ExportLab(
      Path folder, String root, String schema, PostgresSourceConfig source, ExportBackend backend) {
    this.folder = folder;
    this.root = root;
    this.schema = schema;
    this.backend = backend;
    this.service =
        ExportService.builder()
            .store(store)
            .source(PostgresViewSource.create(SourceDatabase.dataSource(), source))
            .backend(backend)
            .config(ExportConfig.builder().workerSlots(WORKERS).poolSize(2 * WORKERS).build())
            .build();
  }

  /** A service for the views of this schema. */
  static ExportLab open(Path folder, String schema) {
    return open(folder, schema, PostgresSourceConfig.DEFAULT);
  }

  /** A service that reads so. */
  static ExportLab open(Path folder, String schema, PostgresSourceConfig source) {
    return new ExportLab(
        folder,
        folder + "/",
        schema,
        source,
        DeltaLakeBackend.create(DeltaLakeConfig.builder().allowedRoots(List.of(folder)).build()));
  }

  /** A service for the views of this schema with tables in the bucket of this server. */
  static ExportLab open(S3Server server, String schema, FaultyS3.Plan faults) {
    S3Config config = BackendOnS3.config(server).build();
    return new ExportLab(
        server.folder(),
        server.url(""),
        schema,
        PostgresSourceConfig.DEFAULT,
        BackendOnS3.create(server, config, BackendOnS3.faulty(config, faults)));
  }

  /** The table's folder, also in a bucket, whose objects are files. */
  Path table(String name) {
    return folder.resolve(name);
  }

  ViewName view(String name) {
    return new ViewName(schema, name);
  }

  /** Merges by {@code id} and, where the mode needs one, the time {@code ts}; in three chunks. */
  static ViewOptions options(MergeMode mode) {
    ViewOptions.Builder options =
        ViewOptions.builder().chunkCount(CHUNKS).mergeMode(mode).mergeKey(List.of("id"));
    if (mode == MergeMode.UPSERT || mode == MergeMode.HISTORY) {
      options.timestampColumn("ts");
    }
    return options.build();
  }

  /** Exports a view to a table. */
  ExportJob export(String view, String table, ViewOptions options) {
    return run(
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(view(view))
            .options(options)
            .parameter("tablePath", root + table)
            .build());
  }

  /** Exports a view to a table, which must succeed. */
  ExportJob exported(String view, String table, MergeMode mode) {
    return completed(export(view, table, options(mode)));
  }

  /** Exports a view to a table, which must fail. */
  FailureCause failed(String view, String table, MergeMode mode) {
    ExportJob job = export(view, table, options(mode));
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    return job.failure().orElseThrow().last();
  }

  static ExportJob completed(ExportJob job) {
    assertThat(job.state()).as("%s", job.failure()).isEqualTo(JobState.COMPLETED);
    return job;
  }

  /** Runs a job to its end, clean-up included, on this thread. */
  ExportJob run(ExportRequest request) {
    ExportJob job = service.submit(request);
    while (!job.state().isFinal() || isOpen(job.cleanup())) {
      if (!service.runOnce()) {
        Thread.onSpinWait();
      }
      job = service.find(job.id()).orElseThrow();
    }
    assertThat(job.cleanup()).as("%s", job.cleanupFailure()).isEqualTo(CleanupState.DONE);
    return job;
  }

  private static boolean isOpen(CleanupState cleanup) {
    return cleanup == CleanupState.NOT_DUE || cleanup == CleanupState.OPEN;
  }

  @Override
  public void close() {
    service.close();
    backend.close();
    store.close();
  }
}
