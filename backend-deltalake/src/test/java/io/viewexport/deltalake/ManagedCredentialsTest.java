// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.StopSignal;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.workspace.HttpWorkspace;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.FaultyS3;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.TestClock;
import io.viewexport.deltalake.testing.workspace.WorkspaceSimulator;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys for staging that end again and again while a chunk is written. */
class ManagedCredentialsTest {
  private static final Duration LIFETIME = Duration.ofSeconds(4);
  private static final Duration REQUEST = Duration.ofSeconds(1);

  private final TestClock clock = new TestClock(Instant.parse("2030-01-01T00:00:00Z"));

  /** Also where the catalog says that they hold for longer than the store lets them. */
  @ParameterizedTest
  @CsvSource({"0, 1", "3600, 3"})
  void aChunkThatTakesLongerThanManyOfItsKeysIsStagedAndCleanedUp(int toldLonger, int tries) {
    try (S3Server s3 = S3Server.start(clock);
        WorkspaceSimulator workspace = WorkspaceSimulator.start(s3, SparkOracle.shared(), clock)) {
      workspace.tokens().addClient(ManagedLab.CLIENT, ManagedLab.SECRET);
      workspace.credentials().setLifetime(LIFETIME);
      workspace.credentials().tellLongerBy(Duration.ofSeconds(toldLonger));
      workspace.createTarget("patient", "id STRING, is_deleted INT");
      S3Config staging =
          S3Config.builder()
              .endpoint(s3.endpoint())
              .addressing(S3Config.Addressing.PATH)
              .region(S3Server.REGION)
              .allowedRoots(List.of(workspace.externalLocation()))
              .tries(tries)
              .build();
      WorkspaceConfig config =
          WorkspaceConfig.builder(workspace.url().toString(), staging)
              .warehouseId(WorkspaceSimulator.WAREHOUSE_ID)
              .build();
      FaultyS3 slow =
          BackendOnS3.faulty(
              staging,
              (number, request) -> {
                clock.advance(REQUEST);
                return Optional.empty();
              });
      Pause pause = new ClockPause(clock);
      WorkspaceApi api =
          HttpWorkspace.create(
              WorkspaceUrl.parse(workspace.url().toString()),
              config.limits(),
              () -> ClientCredentials.of(ManagedLab.CLIENT, ManagedLab.SECRET),
              pause);
      try (DeltaLakeBackend backend =
          DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
              .pause(pause)
              .workspace(config, api, S3Access.create(staging, slow))
              .build()) {
        ManualJob job = job(workspace);
        job.plan(backend);
        job.setup(backend, 0);
        job.chunk(backend, 0, 0);
        int forTheChunk = workspace.credentials().vended().size();
        job.cleanUp(backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);

        assertThat(forTheChunk)
            .as("keys for the chunk")
            .isGreaterThanOrEqualTo(toldLonger > 0 ? 2 : 3);
        assertThat(workspace.credentials().vended()).hasSizeGreaterThan(forTheChunk);
        assertThat(workspace.registeredTables()).isEmpty();
      }
    }
  }

  private static ManualJob job(WorkspaceSimulator workspace) {
    ViewSchema schema = new ViewSchema(List.of(column("id", ColumnType.STRING)));
    return new ManualJob(
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(ManagedLab.VIEW)
            .parameter("tableName", workspace.tableName("patient"))
            .build(),
        new SampleViewSource().put(ManagedLab.VIEW, SampleRows.of(schema, row("a"), row("b"))));
  }

  /** Waiting moves the clock that all go by. */
  private record ClockPause(TestClock clock) implements Pause {
    @Override
    public long nanoTime() {
      return Duration.between(Instant.EPOCH, now()).toNanos();
    }

    @Override
    public Instant now() {
      return clock.instant();
    }

    @Override
    public void pause(Duration time, StopSignal stop) {
      stop.throwIfStopped();
      clock.advance(time);
    }
  }
}
