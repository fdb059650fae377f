// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.testkit.SampleRows.column;
import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.workspace.StatementFault;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two jobs of two servers with one target and one place for staging. */
class ManagedSharedTargetTest {
  private static final ViewSchema SCHEMA = new ViewSchema(List.of(column("id", ColumnType.STRING)));

  private static final SampleRows LOW = SampleRows.of(SCHEMA, row("a"), row("b"), row("c"));
  private static final SampleRows HIGH = SampleRows.of(SCHEMA, row("b"), row("c"), row("d"));

  private final ManagedLab lab = new ManagedLab();

  @AfterEach
  void close() {
    lab.close();
  }

  private ManualJob job(SampleRows rows) {
    return new ManualJob(
        lab.request("shared", ViewOptions.builder()),
        new SampleViewSource().put(ManagedLab.VIEW, rows));
  }

  private void end(ExportBackend backend, ManualJob job) {
    assertThat(lab.merge(backend, job, Intent.MERGE)).isInstanceOf(FinalizeStep.Done.class);
    job.cleanUp(backend, JobState.COMPLETED, MergeOutcome.MERGED);
  }

  @Test
  void theEndOfOneDoesNoHarmToTheOther() throws Exception {
    lab.workspace.createTarget("shared", "id STRING, is_deleted INT");
    try (ExportBackend one = lab.backend();
        ExportBackend two = lab.backend()) {
      ManualJob first = job(LOW).stage(one);
      ManualJob second = job(HIGH).stage(two);
      end(one, first);
      end(two, second);
    }
    assertThat(lab.table("shared", "id"))
        .containsExactly(List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    lab.assertNothingStaged();
  }

  @Test
  void bothMergeAtOnceAndNoRowIsDoubledOrLost() throws Exception {
    lab.workspace.createTarget("shared", "id STRING, is_deleted INT");
    lab.workspace.warehouse().inject(StatementFault.conflict("MERGE INTO"));
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (ExportBackend one = lab.backend();
        ExportBackend two = lab.backend()) {
      Future<?> first = threads.submit(() -> run(one, job(LOW), together));
      Future<?> second = threads.submit(() -> run(two, job(HIGH), together));
      first.get();
      second.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(lab.table("shared", "id"))
        .containsExactly(List.of("a"), List.of("b"), List.of("c"), List.of("d"));
    lab.assertNothingStaged();
  }

  private Void run(ExportBackend backend, ManualJob job, CyclicBarrier together) throws Exception {
    job.stage(backend);
    together.await();
    end(backend, job);
    return null;
  }
}
