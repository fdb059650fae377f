// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InMemoryBackendTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");
  private static final ViewName OTHER = new ViewName("sof", "other");
  private static final Instant OLD = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant NEW = Instant.parse("2025-01-01T00:00:00Z");
  private static final ViewSchema SCHEMA =
      new ViewSchema(
          List.of(
              column("id", ColumnType.STRING),
              column("note", ColumnType.STRING),
              column("at", ColumnType.TIMESTAMP)));

  private final InMemoryLake lake = new InMemoryLake();
  private final InMemoryBackend backend = new InMemoryBackend(lake);
  private final InMemoryBackend otherServer = new InMemoryBackend(lake);
  private final SampleViewSource source = new SampleViewSource();

  @Test
  void everyTypeArrivesAsItWasAndNoStagingStays() {
    SampleRows rows = SampleRows.ofEveryType(300, 5);
    source.put(VIEW, rows).put(OTHER, rows);
    ExportRequest request =
        ExportRequest.builder("memory")
            .view(VIEW)
            .view(OTHER)
            .options(ViewOptions.builder().chunkCount(7).build())
            .build();

    List<FinalizeStep.Done> done = new ManualJob(request, source).run(backend);

    assertThat(done.get(0))
        .isEqualTo(new FinalizeStep.Done("memory:patient", MergeCounts.of(300, 0, 0, 0)));
    assertThat(target("patient").rows()).containsExactlyInAnyOrderElementsOf(rows.rows());
    assertThat(target("other").rows()).containsExactlyInAnyOrderElementsOf(rows.rows());
    assertThat(lake.stagingNames()).isEmpty();
  }

  @Test
  void b01_b02_planningReportsEveryProblemAtOnce() {
    source.put(VIEW, SampleRows.of(SCHEMA)).put(OTHER, SampleRows.of(SCHEMA));
    ExportRequest request =
        ExportRequest.builder("memory")
            .parameter("colour", "red")
            .view(
                new ViewRequest(
                    "a",
                    VIEW,
                    ViewOptions.builder()
                        .mergeKey(List.of("ID"))
                        .mergeMode(MergeMode.UPSERT)
                        .build(),
                    Map.of()))
            .view(new ViewRequest("b", OTHER, ViewOptions.UNSET, Map.of("x", "1", "target", " ")))
            .build();

    ExportRefusedException refused =
        catchThrowableOfType(
            ExportRefusedException.class, () -> new ManualJob(request, source).plan(backend));

    assertThat(refused.issues())
        .extracting(issue -> issue.code() + " " + issue.expression().orElse(""))
        .containsExactly(
            "unknown-parameter colour",
            "no-key-column view[0].mergeKey",
            "no-timestamp-column view[0].timestampColumn",
            "unknown-parameter view[1].x",
            "invalid-target view[1].target");
  }

  @Test
  void b04_b07_onlyTheWinningAttemptReachesTheTarget() {
    ManualJob job = job(MergeMode.INSERT, row("a", "first", OLD));
    job.plan(backend);
    AcceptedReceipt winner = job.chunk(backend, 0, 0);
    source.put(VIEW, SampleRows.of(SCHEMA, row("a", "late", OLD), row("b", "late", OLD)));
    AcceptedReceipt late = job.lateChunk(otherServer, 0, 0);

    job.merge(backend, 0);

    assertThat(late.receipt().payload()).isNotEqualTo(winner.receipt().payload());
    assertThat(target("patient").column("note")).containsExactly("first");
    assertThat(lake.stagingNames()).hasSize(2);
  }

  @Test
  void b06_nothingIsVisibleBeforeTheMerge() {
    job(MergeMode.INSERT, row("a", "x", OLD)).stage(backend);

    assertThat(lake.target("patient")).isEmpty();
  }

  @Test
  void b08_aRepeatOnAnotherServerChangesNothing() {
    ManualJob job = job(MergeMode.REPLACE, row("a", "x", OLD), row("a", "x", OLD)).stage(backend);
    FinalizeStep first = job.merge(backend, 0);
    lake.putTarget("patient", SampleRows.of(SCHEMA));
    int version = lake.version("patient");

    assertThat(job.merge(otherServer, 0)).isEqualTo(first);
    assertThat(lake.version("patient")).isEqualTo(version);
  }

  @Test
  void b09_nullAndDoubleKeysFailBeforeTheTargetIsTouched() {
    assertFails(job(MergeMode.INSERT, row(null, "Jane", OLD)), "null-key");
    assertFails(job(MergeMode.REPLACE, row(null, "Jane", OLD)), "null-key");
    assertFails(job(MergeMode.HISTORY, row("a", "Jane", null)), "null-key");
    assertFails(job(MergeMode.INSERT, row("a", "Jane", OLD), row("a", "y", NEW)), "duplicate-key");
    assertFails(job(MergeMode.HISTORY, row("a", "Jane", OLD), row("a", "y", OLD)), "duplicate-key");
    assertThat(lake.target("patient")).isEmpty();
  }

  @Test
  void b11_withdrawTellsTheTruthAndIsFinal() {
    ManualJob merged = job(MergeMode.INSERT, row("a", "x", OLD)).stage(backend);
    FinalizeStep done = merged.merge(backend, 0);
    assertThat(merged.withdraw(otherServer, 0)).isEqualTo(done);

    ManualJob withdrawn = job(MergeMode.INSERT, row("b", "x", OLD)).stage(backend);
    assertThat(withdrawn.withdraw(otherServer, 0)).isEqualTo(new FinalizeStep.Withdrawn());
    assertFails(withdrawn, "merge-withdrawn");
    assertThat(target("patient").column("id")).containsExactly("a");
  }

  @Test
  void b12_nothingHappensAfterTheStopSignal() {
    ManualJob job = job(MergeMode.INSERT, row("a", "x", OLD)).stage(backend);
    job.contexts().stop().stop(StopReason.LEASE_LOST);

    assertThatThrownBy(() -> job.merge(backend, 0)).isInstanceOf(ExportStoppedException.class);
    assertThatThrownBy(() -> job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED))
        .isInstanceOf(ExportStoppedException.class);
    assertThat(lake.target("patient")).isEmpty();
    assertThat(lake.stagingNames()).hasSize(1);
  }

  @Test
  void b13_b14_cleanUpRemovesTheJobsOwnStagingOnceTheOutcomeIsKnown() {
    ManualJob job = job(MergeMode.INSERT, row("a", "x", OLD)).stage(backend);
    ManualJob foreign = job(MergeMode.INSERT, row("a", "x", OLD)).stage(backend);

    job.cleanUp(otherServer, JobState.FAILED, MergeOutcome.UNKNOWN);
    assertThat(lake.stagingNames()).hasSize(2);
    job.cleanUp(otherServer, JobState.FAILED, MergeOutcome.NOT_MERGED);
    job.cleanUp(otherServer, JobState.FAILED, MergeOutcome.NOT_MERGED);
    assertThat(lake.stagingNames()).containsExactly(foreign.contexts().jobId() + "/v0/c0/a1");
  }

  @Test
  void aReceiptWhoseStagingIsGoneFailsTheMerge() {
    ManualJob job = job(MergeMode.INSERT, row("a", "x", OLD)).stage(backend);
    job.cleanUp(backend, JobState.FAILED, MergeOutcome.NOT_MERGED);

    assertFails(job, "staging-differs");
  }

  @Test
  void aTargetOfOtherTypesIsRefusedInSetup() {
    lake.putTarget(
        "patient", SampleRows.of(new ViewSchema(List.of(column("id", ColumnType.INT))), row(1)));
    ManualJob job = job(MergeMode.INSERT, row("a", "x", OLD));

    assertThatThrownBy(() -> job.setup(backend, 0))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.code()).isEqualTo("column-type-differs"));
  }

  private void assertFails(ManualJob job, String code) {
    if (job.receipts(0).isEmpty()) {
      job.stage(backend);
    }
    assertThatThrownBy(() -> job.merge(backend, 0))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.PERMANENT);
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.message()).doesNotContain("Jane");
            });
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private ManualJob job(MergeMode mode, List<@Nullable Object>... rows) {
    source.put(VIEW, new SampleRows(SCHEMA, List.of(rows)));
    ViewOptions options =
        ViewOptions.builder().mergeMode(mode).timestampColumn("at").chunkCount(1).build();
    return new ManualJob(
        ExportRequest.builder("memory").view(VIEW).options(options).build(), source);
  }

  private SampleRows target(String name) {
    return lake.target(name).orElseThrow();
  }
}
