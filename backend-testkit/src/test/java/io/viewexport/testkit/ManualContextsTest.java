// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.ViewName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManualContextsTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  private final SampleViewSource source =
      new SampleViewSource().put(VIEW, SampleRows.ofEveryType(1, 1));
  private final ManualContexts contexts =
      new ManualContexts(
          ExportRequest.builder("memory")
              .parameter("target", "ofJob")
              .parameter("other", "1")
              .view(new ViewRequest("p", VIEW, ViewOptions.UNSET, Map.of("target", "ofView")))
              .build(),
          source);

  @Test
  void eachContextIsAnotherAttemptThatFindsTheLastCheckpoint() {
    TaskContext first = contexts.chunk(0, 3);
    first.saveCheckpoint("one");
    TaskContext second = contexts.chunk(0, 3);

    assertThat(first.attempt()).isEqualTo(1);
    assertThat(first.checkpoint()).isEmpty();
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.checkpoint()).contains("one");
    assertThat(contexts.chunk(0, 4).checkpoint()).isEmpty();
    assertThat(contexts.checkpoint("chunk 0/3")).contains("one");
  }

  @Test
  void aTaskThatLostItsLeaseStoresNothing() {
    TaskContext frozen = contexts.setup(0);
    contexts.stop().stop(StopReason.LEASE_LOST);
    contexts.restart();

    assertThatThrownBy(() -> frozen.saveCheckpoint("x")).isInstanceOf(ExportStoppedException.class);
    contexts.setup(0).stop().throwIfStopped();
    assertThat(contexts.checkpoint("setup 0")).isEmpty();
    assertThatThrownBy(() -> contexts.setup(0).saveCheckpoint("x".repeat(16 * 1024 + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCrashAfterACheckpointReachesTheBackend() {
    contexts.onCheckpoint(
        text -> {
          throw new PodCrash();
        });

    assertThatThrownBy(() -> contexts.setup(0).saveCheckpoint("x")).isInstanceOf(PodCrash.class);
    assertThat(contexts.checkpoint("setup 0")).contains("x");
  }

  @Test
  void parametersOfTheViewOverrideTheJobs() {
    assertThat(contexts.views().get(0).parameters())
        .isEqualTo(Map.of("target", "ofView", "other", "1"));
    assertThat(contexts.views().get(0).settings().mergeKey()).containsExactly("id");
  }

  @Test
  void theStopSignalRunsEachActionOnce() {
    List<String> ran = new ArrayList<>();
    ManualStop stop = new ManualStop();
    stop.onStop(() -> ran.add("kept"));
    StopSignal.Registration taken = stop.onStop(() -> ran.add("taken back"));
    taken.close();
    taken.close();

    stop.stop(StopReason.STALLED);
    stop.stop(StopReason.SHUTDOWN);
    stop.onStop(() -> ran.add("late")).close();

    assertThat(ran).containsExactly("kept", "late");
    assertThat(stop.reason()).contains(StopReason.STALLED);
  }
}
