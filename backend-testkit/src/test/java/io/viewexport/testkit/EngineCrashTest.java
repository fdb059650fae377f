// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.ExportConfig;
import io.viewexport.core.ExportService;
import io.viewexport.core.store.JobStore;
import io.viewexport.testkit.BackendCall.Kind;
import io.viewexport.testkit.TestStores.TestStore;
import io.viewexport.testkit.store.FaultyJobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server dies in a call of the backend; another one on the same store brings the job to its end.
 */
class EngineCrashTest {
  private static final ViewName VIEW = new ViewName("sof", "patient");
  private static final SampleRows ROWS = SampleRows.ofEveryType(40, 1);
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final ExportRequest REQUEST =
      ExportRequest.builder(InMemoryBackend.KIND)
          .view(VIEW)
          .options(ViewOptions.builder().chunkCount(3).build())
          .build();

  private final InMemoryLake lake = new InMemoryLake();
  private final SampleViewSource source = new SampleViewSource().put(VIEW, ROWS);
  private final FaultyBackend dying = new FaultyBackend(new InMemoryBackend(lake));
  private final FaultyBackend second = new FaultyBackend(new InMemoryBackend(lake));

  /** Every store, call and point of it, in a job that goes on and in one that is cancelled then. */
  static Stream<Arguments> crashes() {
    List<Arguments> crashes = new ArrayList<>();
    for (TestStores store : TestStores.values()) {
      for (Kind call : Kind.values()) {
        for (FaultPoint point : FaultPoint.values()) {
          if (point != FaultPoint.MIDWAY || call == Kind.CHUNK) {
            crashes.add(Arguments.of(store, call, point, false));
            crashes.add(Arguments.of(store, call, point, true));
          }
        }
      }
    }
    return crashes.stream();
  }

  @ParameterizedTest(name = "{0}: {1} {2}, cancelled {3}")
  @MethodSource("crashes")
  void anotherServerFinishes(TestStores kind, Kind call, FaultPoint point, boolean cancelled) {
    TestStore opened = kind.open();
    dying.inject(BackendCall.every(call), point, Fault.crash());
    JobId job = submit(opened.store());
    runUntilDead(opened);
    try (ExportService server = server(opened.store(), second)) {
      if (cancelled) {
        server.cancel(job);
      }
      drain(server, opened, job);
      ExportJob ended = server.find(job).orElseThrow();

      assertThat(ended.state()).isEqualTo(expected(call, point, cancelled));
      assertThat(ended.cleanup()).isEqualTo(CleanupState.DONE);
      assertThat(ended.failure()).isEmpty();
      assertThat(lake.stagingNames()).isEmpty();
      checkTarget(ended);
      assertThat(server.runOnce()).isFalse();
    }
  }

  /** A cancelled job is completed where its one merge was made before. */
  private static JobState expected(Kind call, FaultPoint point, boolean cancelled) {
    boolean merged = call == Kind.CANCEL || (call == Kind.FINALIZE && point == FaultPoint.AFTER);
    return merged || !cancelled ? JobState.COMPLETED : JobState.CANCELLED;
  }

  private void checkTarget(ExportJob ended) {
    if (ended.state() == JobState.COMPLETED) {
      assertThat(lake.target("patient").orElseThrow().rows())
          .containsExactlyInAnyOrderElementsOf(ROWS.rows());
      assertThat(lake.version("patient")).isEqualTo(1);
      assertThat(ended.outputs()).allMatch(output -> output.outcome() == MergeOutcome.MERGED);
    } else {
      assertThat(lake.target("patient")).isEmpty();
      assertThat(ended.outputs()).allMatch(output -> output.outcome() == MergeOutcome.NOT_MERGED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLostAnswerOfAMergeIsFoundOutAfterACancel(TestStores kind) {
    second.inject(BackendCall.every(Kind.FINALIZE), FaultPoint.AFTER, Fault.loseAnswer());

    assertThat(cancelledAfterTheFirstMerge(kind).state()).isEqualTo(JobState.COMPLETED);
    assertThat(lake.target("patient")).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void aMergeThatWasNotMadeIsWithdrawnAfterACancel(TestStores kind) {
    second.inject(BackendCall.every(Kind.FINALIZE), FaultPoint.BEFORE, Fault.loseAnswer());

    assertThat(cancelledAfterTheFirstMerge(kind).state()).isEqualTo(JobState.CANCELLED);
    assertThat(lake.target("patient")).isEmpty();
    assertThat(lake.stagingNames()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aMergeInDoubtStaysSoThroughAFailureThatHadNoEffect(TestStores kind) {
    second.inject(BackendCall.every(Kind.FINALIZE), FaultPoint.AFTER, Fault.loseAnswer());
    second.inject(BackendCall.attempt(Kind.FINALIZE, 2), FaultPoint.BEFORE, Fault.retryable());

    assertThat(cancelledAfterTheFirstMerge(kind).state()).isEqualTo(JobState.COMPLETED);
  }

  @ParameterizedTest
  @EnumSource
  void aMergeThatStaysInDoubtFailsACancelledJobAndKeepsItsStaging(TestStores kind) {
    second.inject(
        BackendCall.every(Kind.FINALIZE), FaultPoint.AFTER, Fault.loseAnswer(), Integer.MAX_VALUE);
    ExportJob ended = cancelledAfterTheFirstMerge(kind);

    assertThat(ended.state()).isEqualTo(JobState.FAILED);
    assertThat(ended.outputs()).allMatch(output -> output.outcome() == MergeOutcome.UNKNOWN);
    assertThat(ended.failure().orElseThrow().failures()).isEqualTo(3);
    assertThat(lake.stagingNames()).hasSize(3);
  }

  private ExportJob cancelledAfterTheFirstMerge(TestStores kind) {
    TestStore opened = kind.open();
    JobId job = submit(opened.store());
    try (ExportService server = server(opened.store(), second)) {
      while (second.calls(Kind.FINALIZE).isEmpty()) {
        server.runOnce();
      }
      server.cancel(job);
      drain(server, opened, job);
      return server.find(job).orElseThrow();
    }
  }

  /** By a server that leaves the planning to others. */
  private JobId submit(JobStore store) {
    try (ExportService front =
        ExportService.builder()
            .store(store)
            .source(source)
            .config(ExportConfig.builder().kindsElsewhere(Set.of(InMemoryBackend.KIND)).build())
            .build()) {
      return front.submit(REQUEST).id();
    }
  }

  private void runUntilDead(TestStore opened) {
    FaultyJobStore way = new FaultyJobStore(opened.store());
    dying.onCrash(way::crash);
    try (ExportService server = server(way, dying)) {
      while (!dying.isCrashed()) {
        assertThat(server.runOnce()).isTrue();
      }
    }
  }

  private ExportService server(JobStore store, FaultyBackend backend) {
    return ExportService.builder()
        .store(store)
        .source(source)
        .backend(backend)
        .config(ExportConfig.builder().leaseDuration(LEASE).cleanupGrace(LEASE).build())
        .build();
  }

  /** Until the second clean-up is over; the state at the first end of the job stays. */
  private static void drain(ExportService server, TestStore opened, JobId job) {
    JobState ended = null;
    for (int round = 0; round < 12; round++) {
      while (server.runOnce()) {
        JobState now = server.find(job).orElseThrow().state();
        assertThat(ended == null || ended == now).isTrue();
        ended = now.isFinal() ? now : null;
      }
      opened.sleep().accept(LEASE);
    }
  }
}
