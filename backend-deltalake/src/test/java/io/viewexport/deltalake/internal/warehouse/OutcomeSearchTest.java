// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import static io.viewexport.testkit.SampleRows.column;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.testkit.ManualContexts;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeSearchTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  private final ScriptedWorkspace workspace = new ScriptedWorkspace();
  private final ManualContexts contexts =
      new ManualContexts(
          new JobId("job"),
          ExportRequest.builder("data-lakehouse").view(VIEW).build(),
          new SampleViewSource()
              .put(VIEW, SampleRows.of(new ViewSchema(List.of(column("id", ColumnType.STRING))))));

  private void submitMerge(int number, long until) {
    var request = JsonNodeFactory.instance.objectNode();
    request.put("statement", "/* viewexport:job:v0:a1:merge" + number + " */ MERGE INTO t");
    request.putArray("parameters").addObject().put("value", Long.toString(until));
    workspace.submit(request);
  }

  /** How long it waits until it knows; at most a day. */
  private Duration waited() {
    Duration waited = Duration.ZERO;
    while (waited.compareTo(Duration.ofDays(1)) < 0) {
      Clock clock = Clock.fixed(Instant.ofEpochMilli(workspace.nowMs), ZoneOffset.UTC);
      var search =
          new OutcomeSearch(new SqlWarehouse(workspace, "wh1"), WarehouseSettings.DEFAULT, clock);
      try {
        search.run(contexts.cancel(JobState.FAILED, List.of()), 0);
        return waited;
      } catch (ExportException e) {
        assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN);
        Duration wait = e.retryAfter().orElseThrow();
        workspace.advance(wait.toMillis());
        waited = waited.plus(wait);
      }
    }
    return waited;
  }

  /** Each that began too late gave the next one four times as long: 12, 48, 192 minutes. */
  @ParameterizedTest
  @CsvSource({"0, 14", "1, 14", "2, 50", "3, 194"})
  void waitsUntilNoMergeCanBeginAnyMore(int tooLate, int minutes) {
    for (int number = 1; number <= tooLate; number++) {
      submitMerge(number, 0);
    }
    workspace.advance(Duration.ofMinutes(5).toMillis());

    assertThat(waited()).isEqualTo(Duration.ofMinutes(minutes));
  }

  @Test
  void aMergeThatTookEffectIsKnownAtOnce() {
    submitMerge(1, Long.MAX_VALUE);
    workspace.advance(Duration.ofMinutes(5).toMillis());

    assertThat(waited()).isZero();
  }

  @Test
  void aMergeThatRunsIsWaitedFor() {
    workspace.runningMs = Duration.ofHours(5).toMillis();
    submitMerge(1, Long.MAX_VALUE);

    assertThat(waited()).isBetween(Duration.ofHours(5), Duration.ofMinutes(302));
  }
}
