// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.testkit.BackendCall.Kind;
import io.viewexport.testkit.LoggedCall.Moment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FaultyBackendTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");

  private final InMemoryLake lake = new InMemoryLake();
  private final FaultyBackend backend = new FaultyBackend(new InMemoryBackend(lake));
  private final SampleViewSource source =
      new SampleViewSource().put(VIEW, SampleRows.ofEveryType(20, 1));
  private final ManualJob job =
      new ManualJob(ExportRequest.builder("memory").view(VIEW).build(), source);

  @Test
  void withoutFaultsItDoesWhatTheRealOneDoes() {
    job.run(backend);

    assertThat(lake.target("patient").orElseThrow().size()).isEqualTo(20);
    assertThat(backend.kind()).isEqualTo("memory");
    assertThat(backend.log()).extracting(LoggedCall::moment).doesNotContain(Moment.THREW);
    assertThat(backend.log()).hasSize(15);
  }

  @Test
  void failsOnceBeforeTheCallHadItsEffect() {
    backend.inject(BackendCall.chunk(0, 0, 1), FaultPoint.BEFORE, Fault.retryable());
    job.plan(backend);

    assertThatThrownBy(() -> job.chunk(backend, 0, 0)).isInstanceOf(ExportException.class);
    assertThat(lake.stagingNames()).isEmpty();
    assertThat(job.chunk(backend, 0, 0).attempt()).isEqualTo(2);
    assertThat(backend.calls(Kind.CHUNK)).extracting(BackendCall::attempt).containsExactly(1, 2);
  }

  @Test
  void failsMidwayWithSomethingLeftBehind() {
    backend.inject(BackendCall.every(Kind.CHUNK), FaultPoint.MIDWAY, Fault.error());
    job.plan(backend);

    assertThatThrownBy(() -> job.chunk(backend, 0, 0)).isInstanceOf(InternalError.class);
    assertThat(lake.stagingNames()).hasSize(1);
  }

  @Test
  void losesTheAnswerAfterTheEffect() {
    backend.inject(BackendCall.every(Kind.FINALIZE), FaultPoint.AFTER, Fault.loseAnswer(), 2);
    job.stage(backend);

    for (int attempt = 1; attempt <= 2; attempt++) {
      assertThatThrownBy(() -> job.merge(backend, 0))
          .isInstanceOfSatisfying(
              ExportException.class,
              e -> assertThat(e.kind()).isEqualTo(FailureKind.OUTCOME_UNKNOWN));
    }
    assertThat(lake.version("patient")).isEqualTo(1);
    job.merge(backend, 0);
    assertThat(lake.version("patient")).isEqualTo(1);
    assertThat(backend.log())
        .extracting(LoggedCall::moment)
        .containsSubsequence(Moment.TOOK_EFFECT, Moment.THREW, Moment.BEGAN, Moment.RETURNED);
  }

  @Test
  void stallsUntilReleasedWhileOthersGoOn() throws Exception {
    Stall stall = new Stall();
    backend.inject(BackendCall.attempt(Kind.CHUNK, 1), FaultPoint.MIDWAY, stall);
    job.plan(backend);
    CompletableFuture<?> held = CompletableFuture.supplyAsync(() -> job.lateChunk(backend, 0, 0));

    assertThat(stall.awaitReached(Duration.ofSeconds(30))).isTrue();
    job.chunk(backend, 0, 0);
    assertThat(held).isNotDone();
    stall.release();
    held.get(30, TimeUnit.SECONDS);
  }

  @Test
  void afterACrashNothingWorksAnyMore() {
    AtomicBoolean cutOff = new AtomicBoolean();
    backend.onCrash(() -> cutOff.set(true));
    backend.inject(BackendCall.every(Kind.SETUP), FaultPoint.AFTER, Fault.crash());

    assertThatThrownBy(() -> job.stage(backend)).isInstanceOf(PodCrash.class);
    assertThat(cutOff).isTrue();
    assertThat(backend.isCrashed()).isTrue();
    assertThatThrownBy(() -> job.plan(backend)).isInstanceOf(PodCrash.class);
  }
}
