// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.testkit.BackendCall.Kind;
import io.viewexport.testkit.store.StoreCall;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SteppedClusterTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");
  private static final SampleRows ROWS = SampleRows.ofEveryType(20, 1);
  private static final ExportRequest REQUEST =
      ExportRequest.builder(InMemoryBackend.KIND)
          .view(VIEW)
          .options(ViewOptions.builder().chunkCount(3).build())
          .build();

  private final InMemoryLake lake = new InMemoryLake();
  private final FaultyBackend backend = new FaultyBackend(new InMemoryBackend(lake));
  private final SampleViewSource source = new SampleViewSource().put(VIEW, ROWS);
  private final SteppedCluster cluster = SteppedCluster.of(2, with(backend));

  private Consumer<ExportService.Builder> with(FaultyBackend used) {
    return server ->
        server
            .source(source)
            .backend(used)
            .config(ExportConfig.builder().leaseDuration(Duration.ofSeconds(30)).build());
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void serversTakeTurnsUntilNothingIsDue() {
    ExportJob job = cluster.server(0).submit(REQUEST);
    assertThat(cluster.runOnce(1)).isTrue();
    assertThat(cluster.server(0).find(job.id()).orElseThrow().state())
        .isEqualTo(JobState.IN_PROGRESS);
    assertThat(cluster.drain()).isEqualTo(5);
    assertThat(cluster.runOnce(0)).isFalse();
    ExportJob ended = cluster.finish(job.id());
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.cleanup()).isEqualTo(CleanupState.DONE);
    assertThat(lake.target("patient").orElseThrow().rows())
        .containsExactlyInAnyOrderElementsOf(ROWS.rows());
  }

  @Test
  void anotherServerTakesOverWhatACrashedOneHeldOnceTimeHasPassed() {
    FaultyBackend dying =
        new FaultyBackend(new InMemoryBackend(lake)).onCrash(() -> cluster.crash(2));
    dying.inject(BackendCall.every(Kind.CHUNK), FaultPoint.MIDWAY, Fault.crash());
    cluster.add(with(dying));
    ExportJob job = cluster.server(2).submit(REQUEST);
    cluster.runOnce(2);
    cluster.runOnce(2);
    assertThat(cluster.storeOf(2).isCut()).isTrue();
    cluster.drain();
    assertThat(backend.calls(Kind.FINALIZE)).as("a chunk is still held").isEmpty();
    cluster.advance(Duration.ofSeconds(31));
    cluster.drain();
    assertThat(backend.calls(Kind.FINALIZE)).hasSize(1);
    assertThat(cluster.finish(job.id()).state()).isEqualTo(JobState.COMPLETED);
    assertThatThrownBy(() -> cluster.runOnce(2)).isInstanceOf(PodCrash.class);
  }

  @Test
  void aSettlementWhoseAnswerIsLostHasItsEffectOnce() {
    ExportJob job = cluster.server(0).submit(REQUEST);
    cluster.storeOf(0).fail(StoreCall.SETTLE, FaultPoint.AFTER);
    cluster.runOnce(0);
    assertThat(cluster.finish(job.id()).state()).isEqualTo(JobState.COMPLETED);
    assertThat(backend.calls(Kind.SETUP)).hasSize(1);
  }

  @Test
  void aClaimThatDoesNotReachTheStoreLeasesNothing() {
    cluster.server(0).submit(REQUEST);
    cluster.storeOf(0).fail(StoreCall.CLAIM, FaultPoint.BEFORE);
    assertThatThrownBy(() -> cluster.runOnce(0)).isInstanceOf(JobStoreException.class);
    assertThat(cluster.store().stats().leasedTasks()).isZero();
    cluster.storeOf(0).fail(StoreCall.CLAIM, FaultPoint.AFTER);
    assertThatThrownBy(() -> cluster.runOnce(0)).isInstanceOf(JobStoreException.class);
    assertThat(cluster.store().stats().leasedTasks()).isEqualTo(1);
  }

  @Test
  void aWayThatIsCutComesBack() {
    ExportJob job = cluster.server(0).submit(REQUEST);
    cluster.crash(0);
    cluster.storeOf(1).cut();
    assertThatThrownBy(() -> cluster.runOnce(1)).isInstanceOf(JobStoreException.class);
    assertThat(cluster.drain()).isZero();
    cluster.storeOf(1).restore();
    assertThat(cluster.finish(job.id()).state()).isEqualTo(JobState.COMPLETED);
    assertThatThrownBy(
            () -> cluster.storeOf(0).inject(StoreCall.FIND, FaultPoint.MIDWAY, () -> {}, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theClockGoesForwardOnly() {
    List<Long> before =
        List.of(cluster.clock().getAsLong(), cluster.clock().instant().toEpochMilli());
    cluster.clock().advance(Duration.ofSeconds(1));
    assertThat(cluster.clock().getAsLong() - before.get(0)).isEqualTo(1_000_000_000);
    assertThat(cluster.clock().instant().toEpochMilli() - before.get(1)).isEqualTo(1_000);
    assertThatThrownBy(() -> cluster.clock().advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
