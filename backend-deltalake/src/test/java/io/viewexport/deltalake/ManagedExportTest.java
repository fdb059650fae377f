// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.FailureKind;
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
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.workspace.ApiError;
import io.viewexport.deltalake.testing.workspace.Fault;
import io.viewexport.deltalake.testing.workspace.Privilege;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagedExportTest {
  private static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("name", ColumnType.STRING),
              column("born", ColumnType.DATE)));

  private final ManagedLab lab = new ManagedLab();
  private final ExportBackend backend = lab.backend();

  @AfterEach
  void close() {
    backend.close();
    lab.close();
  }

  private void threeRows() {
    lab.rows(
        SampleRows.of(
            SCHEMA,
            row("a", "Ann", LocalDate.ofEpochDay(1)),
            row("b", null, null),
            row("c", "Cäsar", LocalDate.ofEpochDay(19000))));
  }

  @Test
  void theRowsOfAllChunksAreInTheTableAndNothingIsLeftOfStaging() {
    lab.workspace.createTarget("patient", "id STRING, note STRING");
    threeRows();

    FinalizeStep.Done done = lab.export(backend, lab.job("patient"));

    assertThat(done.location()).isEqualTo("databricks-uc:" + lab.workspace.tableName("patient"));
    assertThat(done.counts()).isEqualTo(MergeCounts.of(3, 0, 0, 0));
    assertThat(lab.table("patient", "id, name, born, is_deleted, note"))
        .containsExactly(
            Arrays.asList("a", "Ann", "1970-01-02", "0", null),
            Arrays.asList("b", null, null, "0", null),
            Arrays.asList("c", "Cäsar", "2022-01-08", "0", null));
    lab.assertNothingStaged();
  }

  @Test
  void aSecondRunOfTheSameExportChangesNothing() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    lab.export(backend, lab.job("patient"));

    FinalizeStep.Done again = lab.export(backend, lab.job("patient"));

    assertThat(again.counts()).isEqualTo(MergeCounts.of(0, 0, 0, 3));
    assertThat(lab.table("patient", "count(*)")).containsExactly(List.of("3"));
    lab.assertNothingStaged();
  }

  @Test
  void everyTypeArrivesAsInATableThatIsWrittenDirectly() {
    lab.workspace.createTarget("types", "is_deleted INT");
    lab.rows(SampleRows.ofEveryType(40, 7));
    ViewOptions.Builder options =
        ViewOptions.builder().mergeKey(List.of(SampleRows.EVERY_TYPE.columns().get(0).name()));

    FinalizeStep.Done done = lab.export(backend, lab.job("types", options));

    assertThat(done.counts().inserted()).hasValue(40);
    assertThat(lab.table("types", "count(*)")).containsExactly(List.of("40"));
  }

  @Test
  void aMissingTargetIsSaidInSetup() {
    threeRows();
    ManualJob job = lab.job("nowhere");
    job.plan(backend);

    assertFails("target-table-missing", () -> job.setup(backend, 0));
    assertThat(lab.stagingTables()).isEmpty();
  }

  @Test
  void typesThatDontFitAreSaidInSetupByNameAndNothingIsChanged() {
    lab.workspace.createTarget("patient", "id INT, born DATE");
    threeRows();
    ManualJob job = lab.job("patient");
    job.plan(backend);

    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(() -> job.setup(backend, 0))
        .matches(e -> e.code().equals("target-not-supported"))
        .matches(e -> e.kind() == FailureKind.PERMANENT)
        .withMessageContaining("\"id\"")
        .withMessageContaining("INT")
        .withMessageContaining("STRING");
    assertThat(lab.table("patient", "*")).isEmpty();
    assertThat(lab.workspace.rows("DESCRIBE " + lab.workspace.tableName("patient"))).hasSize(2);
  }

  @Test
  void aHostMayAskForIsDeletedInsteadOfHavingItAdded() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    WorkspaceConfig strict =
        lab.config().missingIsDeleted(WorkspaceConfig.MissingIsDeleted.FAIL).build();
    try (ExportBackend demanding = lab.backend(strict)) {
      ManualJob job = lab.job("patient");
      job.plan(demanding);

      assertFails("is-deleted-column-missing", () -> job.setup(demanding, 0));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    assertThat(lab.workspace.rows("DESCRIBE " + lab.workspace.tableName("patient"))).hasSize(1);
  }

  @Test
  void keysThatAreRepeatedFailBeforeTheTargetIsTouched() {
    lab.workspace.createTarget("patient", "id STRING");
    lab.rows(
        SampleRows.of(
            SCHEMA,
            row("a", "one", LocalDate.ofEpochDay(1)),
            row("a", "two", LocalDate.ofEpochDay(2)),
            row("b", "x", LocalDate.ofEpochDay(3))));
    ManualJob job = lab.job("patient");
    job.stage(backend);

    assertFails("duplicate-key", () -> lab.merge(backend, job, Intent.MERGE));
    assertThat(lab.table("patient", "*")).isEmpty();
    job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
    lab.assertNothingStaged();
  }

  @Test
  void whatADeadServerRegisteredAndWroteIsCleanedUp() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.plan(backend);
    job.setup(backend, 0);
    job.lateChunk(backend, 0, 0);
    job.lateChunk(backend, 0, 0);
    assertThat(lab.stagingTables()).hasSize(2);
    assertThat(lab.stagedObjects()).isNotEmpty();

    job.cleanUp(backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    job.cleanUp(backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);

    lab.assertNothingStaged();
    assertThat(job.contexts().warnings()).isEmpty();
  }

  @Test
  void withoutARightToTheFilesTheyAreLeftAndTheGrantIsNamed() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.plan(backend);
    job.setup(backend, 0);
    job.chunk(backend, 0, 0);
    lab.workspace.grants().revoke(ManagedLab.CLIENT, Privilege.EXTERNAL_USE_SCHEMA);
    lab.workspace.grants().revoke(ManagedLab.CLIENT, Privilege.EXTERNAL_USE_LOCATION);

    job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED);

    assertThat(job.contexts().warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("staging-s3-cleanup-skipped");
              assertThat(warning.message())
                  .contains("no-external-use-location-grant", "EXTERNAL USE LOCATION");
            });
    assertThat(lab.stagingTables()).isEmpty();
  }

  @Test
  void aRightToThePathIsEnough() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.plan(backend);
    job.setup(backend, 0);
    job.chunk(backend, 0, 0);
    lab.workspace.grants().revoke(ManagedLab.CLIENT, Privilege.EXTERNAL_USE_SCHEMA);

    job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED);

    assertThat(job.contexts().warnings()).isEmpty();
    lab.assertNothingStaged();
  }

  @Test
  void whatOthersTakeAwayMeanwhileIsNamedAndTheRestCleanedUp() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.stage(backend);
    lab.workspace.unregister(lab.stagingTables().get(0));

    assertFails("table-not-found", () -> lab.merge(backend, job, Intent.MERGE));
    lab.workspace.execute("DROP TABLE " + lab.workspace.tableName("patient"));
    assertFails("target-table-missing", () -> lab.merge(backend, job, Intent.MERGE));

    job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
    assertThat(job.contexts().warnings()).isEmpty();
    lab.assertNothingStaged();
  }

  @Test
  void whatWasNeverRegisteredNeedsNoRightToBeCleanedUp() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.plan(backend);
    job.setup(backend, 0);
    lab.workspace
        .faults()
        .add(Fault.refusing("POST", ".*/tables", ApiError.locationOverlap("s3://x")));
    assertFails("location-overlap", () -> job.chunk(backend, 0, 0));
    lab.workspace
        .faults()
        .add(Fault.refusing("POST", ".*/temporary-path.*", ApiError.locationOverlap("s3://x")));

    job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED);

    assertThat(job.contexts().warnings()).isEmpty();
    lab.assertNothingStaged();
  }

  @Test
  void countsThatAreGoneWhenTheMergeIsAskedForAreUnknown() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.stage(backend);
    job.finalizeStep(backend, 0, Intent.MERGE);
    lab.awaitStatements();
    job.finalizeStep(backend, 0, Intent.MERGE);
    lab.awaitStatements();
    lab.workspace.warehouse().dropResults();

    FinalizeStep end = lab.merge(backend, job, Intent.MERGE);

    assertThat(((FinalizeStep.Done) end).counts()).isEqualTo(MergeCounts.UNKNOWN);
    assertThat(lab.table("patient", "id")).hasSize(3);
  }

  @Test
  void aCancelBeforeTheMergeLeavesTheTargetAlone() {
    lab.workspace.createTarget("patient", "id STRING");
    threeRows();
    ManualJob job = lab.job("patient");
    job.stage(backend);

    assertThat(lab.merge(backend, job, Intent.WITHDRAW)).isInstanceOf(FinalizeStep.Withdrawn.class);
    job.cleanUp(backend, JobState.CANCELING, MergeOutcome.NOT_MERGED);

    assertThat(lab.table("patient", "id")).isEmpty();
    lab.assertNothingStaged();
  }

  @Test
  void aRequestForAForeignWorkspaceOrPlaceIsRefusedAndNothingIsCalled() {
    threeRows();
    ExportRequest request =
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(ManagedLab.VIEW)
            .parameter("tableName", "main.fhir")
            .parameter("databricksWorkspaceUrl", "https://evil.example")
            .parameter("stagingTablePath", "s3://elsewhere/x")
            .parameter("tablePath", "/etc")
            .build();

    assertThatExceptionOfType(ExportRefusedException.class)
        .isThrownBy(() -> new ManualJob(request, lab.source).plan(backend))
        .satisfies(
            refused ->
                assertThat(refused.issues())
                    .extracting(ExportIssue::code)
                    .contains("workspace-not-allowed", "invalid-value", "parameter-of-other-mode"));
    assertThat(lab.workspace.calls()).isEmpty();
    assertThat(lab.workspace.tokens().issued()).isZero();
  }

  @Test
  void moreChunksThanOneMergeReadsAreRefused() {
    threeRows();
    ExportRequest request =
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(ManagedLab.VIEW)
            .options(ViewOptions.builder().chunkCount(1001).build())
            .parameter("tableName", lab.workspace.tableName("patient"))
            .build();

    assertThatExceptionOfType(ExportRefusedException.class)
        .isThrownBy(() -> new ManualJob(request, lab.source).plan(backend))
        .satisfies(
            refused ->
                assertThat(refused.issues())
                    .extracting(ExportIssue::code)
                    .containsExactly("too-many-chunks"));
  }

  @Test
  void stagingElsewhereThanAllowedIsRefused() {
    threeRows();
    ExportRequest request =
        ExportRequest.builder(DeltaLakeBackend.KIND)
            .view(ManagedLab.VIEW)
            .parameter("tableName", lab.workspace.tableName("patient"))
            .parameter("stagingTablePath", lab.workspace.externalLocation() + "/../other")
            .build();

    assertThatExceptionOfType(ExportRefusedException.class)
        .isThrownBy(() -> new ManualJob(request, lab.source).plan(backend))
        .satisfies(
            refused ->
                assertThat(refused.issues())
                    .singleElement()
                    .satisfies(issue -> assertThat(issue.code()).isEqualTo("invalid-path")));
    assertThat(lab.workspace.calls()).isEmpty();
  }

  @Test
  void incrementalExportsUpdateWhatIsNewer() {
    lab.workspace.createTarget("patient", "id STRING");
    ViewSchema timed =
        new ViewSchema(
            List.of(
                column("id", ColumnType.STRING),
                column("name", ColumnType.STRING),
                column("ts", ColumnType.TIMESTAMP)));
    lab.rows(
        SampleRows.of(
            timed,
            row("a", "old", Instant.ofEpochSecond(1)),
            row("b", "same", Instant.ofEpochSecond(1))));
    ViewOptions.Builder upsert =
        ViewOptions.builder().mergeMode(MergeMode.UPSERT).timestampColumn("ts");
    lab.export(backend, lab.job("patient", upsert));
    lab.rows(
        SampleRows.of(
            timed,
            row("a", "new", Instant.ofEpochSecond(2)),
            row("b", "same", Instant.ofEpochSecond(1)),
            row("c", "added", Instant.ofEpochSecond(3))));

    FinalizeStep.Done done = lab.export(backend, lab.job("patient", upsert));

    assertThat(done.counts()).isEqualTo(MergeCounts.of(1, 1, 0, 1));
    assertThat(lab.table("patient", "id, name"))
        .containsExactly(List.of("a", "new"), List.of("b", "same"), List.of("c", "added"));
  }

  private static void assertFails(String code, Runnable work) {
    assertThatExceptionOfType(ExportException.class)
        .isThrownBy(work::run)
        .satisfies(
            failure -> {
              assertThat(failure.code()).as("%s", failure.message()).isEqualTo(code);
              assertThat(failure.kind()).isEqualTo(FailureKind.PERMANENT);
            });
  }
}
