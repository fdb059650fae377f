// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Examines a real workspace and exports to a table of it: {@code mvn -Plive -pl backend-deltalake
 * -am verify -Dtest=LiveDatabricksTest -Dsurefire.failIfNoSpecifiedTests=false}.
 *
 * <p>It asks the environment for {@code DATABRICKS_WORKSPACE_URL}, {@code DATABRICKS_CLIENT_ID},
 * {@code DATABRICKS_CLIENT_SECRET}, {@code DATABRICKS_WAREHOUSE_ID}, {@code DATABRICKS_TABLE} (a
 * Delta table with a column {@code id STRING} that is there for this test: three rows are added at
 * each run), {@code DATABRICKS_STAGING} ({@code s3://BUCKET/FOLDER}) and {@code AWS_REGION}, and
 * fails where one is missing.
 */
@Tag("live")
class LiveDatabricksTest {
  private static final String URL = "DATABRICKS_WORKSPACE_URL";
  private static final String CLIENT_ID = "DATABRICKS_CLIENT_ID";
  private static final String CLIENT_SECRET = "DATABRICKS_CLIENT_SECRET";
  private static final String WAREHOUSE = "DATABRICKS_WAREHOUSE_ID";
  private static final String TABLE = "DATABRICKS_TABLE";
  private static final String STAGING = "DATABRICKS_STAGING";
  private static final String REGION = "AWS_REGION";

  private static final ViewName VIEW = new ViewName("sof", "live");
  private static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("name", ColumnType.STRING),
              column("ts", ColumnType.TIMESTAMP)));

  private final SampleViewSource source = new SampleViewSource();
  private final String run = UUID.randomUUID().toString();

  @BeforeEach
  void requireEnvironment() {
    List<String> missing =
        Stream.of(URL, CLIENT_ID, CLIENT_SECRET, WAREHOUSE, TABLE, STAGING, REGION)
            .filter(name -> env(name).isBlank())
            .toList();
    assertThat(missing).as("environment variables that are not set").isEmpty();
  }

  private static String env(String name) {
    return Optional.ofNullable(System.getenv(name)).orElse("");
  }

  private static ClientCredentials credentials() {
    return ClientCredentials.of(env(CLIENT_ID), env(CLIENT_SECRET));
  }

  private static WorkspaceConfig config() {
    String staging = env(STAGING);
    S3Config s3 =
        S3Config.builder()
            .region(env(REGION))
            .allowedRoots(List.of(staging.substring(0, staging.lastIndexOf('/'))))
            .build();
    return WorkspaceConfig.builder(env(URL), s3).warehouseId(env(WAREHOUSE)).build();
  }

  @Test
  void theDoctorFindsNothingThatFails() {
    try (WorkspaceDoctor doctor =
        WorkspaceDoctor.create(config(), LiveDatabricksTest::credentials)) {
      DoctorReport report = doctor.examine(env(TABLE), Optional.of(env(STAGING)), Optional.empty());

      assertThat(report.isHealthy()).as(report.text()).isTrue();
    }
  }

  @Test
  void rowsAreInsertedAndThenUpdated() throws Exception {
    try (ExportBackend backend =
        DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
            .workspace(config(), LiveDatabricksTest::credentials)
            .build()) {
      put("old", 1, "a", "b");
      assertThat(export(backend, MergeMode.INSERT)).isEqualTo(MergeCounts.of(2, 0, 0, 0));

      put("new", 2, "a", "c");
      assertThat(export(backend, MergeMode.UPSERT)).isEqualTo(MergeCounts.of(1, 1, 0, 0));
    }
  }

  private void put(String name, long second, String... ids) {
    source.put(
        VIEW,
        new SampleRows(
            SCHEMA,
            Stream.of(ids)
                .map(id -> row(run + "-" + id, name, Instant.ofEpochSecond(second)))
                .toList()));
  }

  private MergeCounts export(ExportBackend backend, MergeMode mode) {
    ViewOptions options =
        ViewOptions.builder().mergeMode(mode).timestampColumn("ts").chunkCount(2).build();
    ExportRequest request =
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(VIEW)
            .options(options)
            .parameter("tableName", env(TABLE))
            .parameter("stagingTablePath", env(STAGING))
            .build();
    ManualJob job = new ManualJob(request, source);
    boolean merged = false;
    try {
      job.stage(backend);
      FinalizeStep step = job.finalizeStep(backend, 0, Intent.MERGE);
      while (step instanceof FinalizeStep.Again again) {
        Pause.real().pause(again.after(), Examination.NEVER);
        step = job.finalizeStep(backend, 0, Intent.MERGE);
      }
      merged = true;
      return ((FinalizeStep.Done) step).counts();
    } finally {
      job.cleanUp(
          backend,
          merged ? JobState.COMPLETED : JobState.FAILED,
          merged ? MergeOutcome.MERGED : MergeOutcome.UNKNOWN);
    }
  }
}
