// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  private static final ViewName VIEW = new ViewName("sof", "patient_flat");
  private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

  private static JsonNode report(
      JobState state, ExportOutput output, Optional<ExportFailure> failure) throws Exception {
    ExportJob job =
        new ExportJob(
            new JobId("j-1"),
            ExportRequest.builder("data-lakehouse").view(VIEW).clientTrackingId("mine").build(),
            state,
            START,
            Optional.of(START.plusSeconds(1)),
            Optional.of(START.plusMillis(63_500)),
            List.of(output),
            failure,
            CleanupState.DONE,
            Optional.empty(),
            OptionalInt.empty(),
            false,
            SnapshotMode.PER_CHUNK);
    return new ObjectMapper().readTree(StatusReport.render(job));
  }

  private static ExportOutput output(MergeOutcome outcome, Optional<MergeCounts> counts) {
    Optional<String> location =
        outcome == MergeOutcome.MERGED ? Optional.of("file:/data/p") : Optional.empty();
    return new ExportOutput(
        "patient_flat", VIEW, outcome, location, counts, 4, 4, 10, 999, NextSince.PENDING);
  }

  @Test
  void aCompletedExportSaysWhereWhenAndHowMuch() throws Exception {
    JsonNode report =
        report(
            JobState.COMPLETED,
            output(MergeOutcome.MERGED, Optional.of(MergeCounts.of(7, 0, 0, 3))),
            Optional.empty());
    assertThat(report)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"resourceType": "Parameters", "parameter": [
                      {"name": "exportId", "valueString": "j-1"},
                      {"name": "status", "valueCode": "completed"},
                      {"name": "clientTrackingId", "valueString": "mine"},
                      {"name": "exportStartTime", "valueInstant": "2026-01-31T10:00:01Z"},
                      {"name": "exportEndTime", "valueInstant": "2026-01-31T10:01:03.500Z"},
                      {"name": "exportDuration", "valueInteger": 62},
                      {"name": "output", "part": [
                        {"name": "name", "valueString": "patient_flat"},
                        {"name": "location", "valueUri": "file:/data/p"},
                        {"name": "merge", "valueCode": "merged"},
                        {"name": "rowCount", "valueDecimal": 10},
                        {"name": "inserted", "valueDecimal": 7},
                        {"name": "updated", "valueDecimal": 0},
                        {"name": "deleted", "valueDecimal": 0},
                        {"name": "unchanged", "valueDecimal": 3}]}]}
                    """));
  }

  @Test
  void aFailedExportSaysWhyAndLeavesOutWhatIsNotKnown() throws Exception {
    FailureCause cause = new FailureCause(FailureKind.PERMANENT, "disk-full", "Make room.");
    JsonNode report =
        report(
            JobState.FAILED,
            output(MergeOutcome.NOT_MERGED, Optional.of(MergeCounts.UNKNOWN)),
            Optional.of(new ExportFailure("chunk 3", 1, cause, cause)));
    assertThat(report.findValuesAsText("valueCode"))
        .containsExactly("failed", "not-merged", "disk-full");
    assertThat(report.findValuesAsText("valueString")).contains("Make room.");
    assertThat(report.findValuesAsText("name")).doesNotContain("location", "inserted");
  }
}
