// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.testkit.BackendCall;
import io.viewexport.testkit.Fault;
import io.viewexport.testkit.FaultPoint;
import io.viewexport.testkit.FaultyBackend;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import io.viewexport.testkit.SteppedCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineCrashTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");
  private static final SampleRows ROWS = SampleRows.ofEveryType(60, 5);

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource({
    "SETUP, BEFORE",
    "SETUP, AFTER",
    "CHUNK, BEFORE",
    "CHUNK, MIDWAY",
    "CHUNK, AFTER",
    "FINALIZE, BEFORE",
    "FINALIZE, AFTER",
    "CANCEL, BEFORE",
    "CANCEL, AFTER"
  })
  void anotherServerFinishesWhatACrashedOneBegan(BackendCall.Kind call, FaultPoint point) {
    FaultyBackend first =
        new FaultyBackend(backend()).inject(BackendCall.every(call), point, Fault.crash());
    try (SteppedCluster cluster = cluster(first, backend())) {
      first.onCrash(() -> cluster.crash(0));
      ExportJob job = cluster.server(0).submit(request());
      while (!first.isCrashed() && cluster.runOnce(0)) {
        assertThat(cluster.store().find(job.id())).isPresent();
      }
      assertThat(first.isCrashed()).isTrue();
      cluster.advance(Duration.ofMinutes(2));

      assertPublished(cluster.finish(job.id()));
    }
  }

  @ParameterizedTest
  @CsvSource({"SETUP", "CHUNK", "FINALIZE", "CANCEL"})
  void failuresThatPassAreHealed(BackendCall.Kind call) {
    FaultyBackend faulty =
        new FaultyBackend(backend())
            .inject(BackendCall.every(call), FaultPoint.BEFORE, Fault.retryable())
            .inject(BackendCall.every(call), FaultPoint.AFTER, Fault.loseAnswer());
    try (SteppedCluster cluster = cluster(faulty)) {
      assertPublished(cluster.finish(cluster.server(0).submit(request()).id()));
    }
  }

  private void assertPublished(ExportJob job) {
    assertThat(job.state()).as("%s", job.failure()).isEqualTo(JobState.COMPLETED);
    assertThat(job.cleanup()).isEqualTo(CleanupState.DONE);
    Path folder = TestExport.folder(job.outputs().get(0).location().orElseThrow());
    assertThat(ReadOutput.rows(folder, ROWS.schema()).rows())
        .containsExactlyInAnyOrderElementsOf(ROWS.rows());
    assertThat(Files.exists(root.resolve(".viewexport-staging"))).isFalse();
  }

  private static ExportRequest request() {
    return ExportRequest.builder(FileBackend.KIND)
        .view(VIEW)
        .options(ViewOptions.builder().chunkCount(3).build())
        .build();
  }

  private static SteppedCluster cluster(ExportBackend... backends) {
    SampleViewSource source = new SampleViewSource().put(VIEW, ROWS);
    SteppedCluster cluster = SteppedCluster.of(0, server -> {});
    for (ExportBackend backend : backends) {
      cluster.add(server -> server.source(source).backend(backend));
    }
    return cluster;
  }

  private FileBackend backend() {
    return FileBackend.create(
        FileBackendConfig.builder().allowedRoots(List.of(root)).maxPartRows(10).build());
  }
}
