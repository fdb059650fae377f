// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.workspace.HttpWorkspace;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.workspace.WorkspaceSimulator;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import software.amazon.awssdk.http.SdkHttpClient;

/** A workspace, a bucket for staging, and a backend that exports to its tables. */
final class ManagedLab implements AutoCloseable {
  static final String CLIENT = "11111111-2222-3333-4444-555555555555";
  static final String SECRET = "dose-planted-secret-7c1f";
  static final ViewName VIEW = new ViewName("sof", "patient");

  final S3Server s3 = S3Server.start();
  final WorkspaceSimulator workspace =
      WorkspaceSimulator.start(s3, SparkOracle.shared(), Clock.systemUTC());
  final SampleViewSource source = new SampleViewSource();

  ManagedLab() {
    workspace.tokens().addClient(CLIENT, SECRET);
  }

  ExportBackend backend() {
    return backend(config().build());
  }

  ExportBackend backend(WorkspaceConfig config) {
    return DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
        .pause(pause())
        .workspace(config, () -> ClientCredentials.of(CLIENT, SECRET))
        .build();
  }

  /** Waits for statements to end, and for nothing else. */
  Pause pause() {
    return new UntilStatementsEnd();
  }

  /** One that reaches the bucket over these connections. */
  ExportBackend backend(WorkspaceConfig config, SdkHttpClient connections) {
    return backend(config, api(config.limits()), connections);
  }

  /** One that reaches the workspace and the bucket by these. */
  ExportBackend backend(WorkspaceConfig config, WorkspaceApi api, SdkHttpClient connections) {
    return DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
        .pause(pause())
        .workspace(config, api, S3Access.create(config.staging(), connections))
        .build();
  }

  /** The workspace as a server reaches it. */
  WorkspaceApi api(WorkspaceLimits limits) {
    return HttpWorkspace.create(
        WorkspaceUrl.parse(workspace.url().toString()),
        limits,
        () -> ClientCredentials.of(CLIENT, SECRET),
        pause());
  }

  WorkspaceConfig.Builder config() {
    return WorkspaceConfig.builder(workspace.url().toString(), staging().build())
        .warehouseId(WorkspaceSimulator.WAREHOUSE_ID);
  }

  S3Config.Builder staging() {
    return S3Config.builder()
        .endpoint(s3.endpoint())
        .addressing(S3Config.Addressing.PATH)
        .region(S3Server.REGION)
        .allowedRoots(List.of(workspace.externalLocation()));
  }

  /** A request for the view's rows in two chunks, to a table of the workspace's schema. */
  ExportRequest request(String table, ViewOptions.Builder options) {
    return ExportRequest.builder(DeltaLakeBackend.KIND)
        .view(VIEW)
        .options(options.chunkCount(2).build())
        .parameter("tableName", workspace.tableName(table))
        .build();
  }

  ManualJob job(String table, ViewOptions.Builder options) {
    return new ManualJob(request(table, options), source);
  }

  ManualJob job(String table) {
    return job(table, ViewOptions.builder());
  }

  void rows(SampleRows rows) {
    source.put(VIEW, rows);
  }

  /** Exports from planning to clean-up. */
  FinalizeStep.Done export(ExportBackend backend, ManualJob job) {
    job.stage(backend);
    FinalizeStep step = merge(backend, job, Intent.MERGE);
    assertThat(step).isInstanceOf(FinalizeStep.Done.class);
    job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED);
    return (FinalizeStep.Done) step;
  }

  /** Calls finalize until it is at its end; between two calls the statements under way end. */
  FinalizeStep merge(ExportBackend backend, ManualJob job, Intent intent) {
    while (true) {
      FinalizeContext context = job.contexts().finalizing(0, intent, job.receipts(0));
      FinalizeStep step = backend.finalizeExport(context);
      if (!(step instanceof FinalizeStep.Again again)) {
        return step;
      }
      context.saveCheckpoint(again.checkpoint());
      awaitStatements();
    }
  }

  void awaitStatements() {
    try {
      workspace.warehouse().awaitEnds();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What is in the table, each row as text, in the order of the first column. */
  List<List<String>> table(String table, String columns) {
    return workspace.rows(
        "SELECT " + columns + " FROM " + workspace.tableName(table) + " ORDER BY 1");
  }

  /** How many merges the table's history has. */
  long merges(String table) {
    return workspace.rows("DESCRIBE HISTORY " + workspace.tableName(table)).stream()
        .filter(version -> version.contains("MERGE"))
        .count();
  }

  /** The staging tables that are registered. */
  List<String> stagingTables() {
    return workspace.registeredTables();
  }

  /** The objects below the place for staging. */
  List<String> stagedObjects() {
    Path top = s3.folder().resolve(workspace.externalLocation().replaceFirst("^s3://[^/]+/", ""));
    if (!Files.exists(top)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void assertNothingStaged() {
    assertThat(stagingTables()).isEmpty();
    assertThat(stagedObjects()).isEmpty();
  }

  @Override
  public void close() {
    workspace.close();
    s3.close();
  }

  /** Waits for what is waited for, instead of for some time; its clocks skip that. */
  private final class UntilStatementsEnd implements Pause {
    private final AtomicLong skipped = new AtomicLong();

    @Override
    public long nanoTime() {
      return System.nanoTime() + skipped.get();
    }

    @Override
    public Instant now() {
      return Instant.now().plusNanos(skipped.get());
    }

    @Override
    public void pause(Duration time, StopSignal stop) {
      stop.throwIfStopped();
      skipped.addAndGet(time.toNanos());
      awaitStatements();
    }
  }
}
