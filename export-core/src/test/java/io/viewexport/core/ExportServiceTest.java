// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.store.JobFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExportServiceTest {
  private final Rig rig = new Rig();

  @Test
  void severalViewsAndChunksReachTheTargetOnce() {
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(3, "sof.patient", "sof.other")));

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(job.cleanup()).isEqualTo(CleanupState.DONE);
      assertThat(job.outputs()).extracting(ExportOutput::rowCount).containsExactly(100L, 7L);
      assertThat(rig.backend.target)
          .containsEntry("patient", Rig.numbers(100))
          .containsEntry("other", Rig.numbers(7));
      assertThat(rig.backend.calls).hasSize(2 + 6 + 2 + 1).doesNotHaveDuplicates();
      assertThat(rig.events.notes).containsExactly("accepted", "ended completed");
    }
  }

  @Test
  void aRetryableFailureIsTriedAgain() {
    List<Integer> attempts = new ArrayList<>();
    rig.backend.chunk =
        (context, rows) -> {
          attempts.add(context.attempt());
          if (attempts.size() < 3) {
            throw ExportException.retryable("target-busy", "The target is busy.", null);
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(attempts).containsExactly(1, 2, 3);
    }
  }

  @Test
  void aFailureThatStaysFailsTheJobWithItsFirstAndLastCause() {
    rig.backend.chunk =
        (context, rows) -> {
          throw ExportException.retryable("busy-" + context.attempt(), "Busy.", null);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.failure().orElseThrow().failures()).isEqualTo(3);
      assertThat(job.failure().orElseThrow().first().code()).isEqualTo("busy-1");
      assertThat(job.failure().orElseThrow().last().code()).isEqualTo("busy-3");
    }
  }

  @Test
  void aPermanentFailureFailsTheJobAtOnceAndSaysWhatIsMerged() {
    rig.backend.merge =
        context -> {
          if (context.view().name().equals("other")) {
            throw ExportException.permanent("target-refused", "The target refuses.", null);
          }
          return rig.backend.merge(context);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient", "sof.other")));

      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.failure().orElseThrow().failures()).isEqualTo(1);
      assertThat(job.outputs())
          .extracting(ExportOutput::outcome)
          .containsExactly(MergeOutcome.MERGED, MergeOutcome.NOT_MERGED);
      assertThat(rig.backend.calls).contains("cleanup FAILED");
    }
  }

  @Test
  void whatAnUnexpectedExceptionSaysIsNotStored() {
    rig.backend.chunk =
        (context, rows) -> {
          throw new IllegalStateException("row of Jane Doe");
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.failure().orElseThrow().toString())
          .doesNotContain("Jane")
          .contains("IllegalStateException", "unexpected-failure");
    }
  }

  @Test
  void anErrorOfTheJvmFreesTheLeaseAndMakesTheServerUnhealthy() {
    rig.backend.chunk =
        (context, rows) -> {
          if (context.attempt() == 1) {
            throw new StackOverflowError();
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(server.isHealthy()).isFalse();
      assertThat(rig.events.notes).contains("unhealthy java.lang.StackOverflowError");
    }
  }

  @Test
  void aReceiptThatCountsWrongIsRefused() {
    rig.backend.chunk =
        (context, rows) -> {
          ChunkReceipt right = rig.backend.stage(context, rows);
          return new ChunkReceipt(right.payload(), right.rowCount() - 1, 0);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.failure().orElseThrow().last().code()).isEqualTo("receipt-mismatch");
    }
  }

  @Test
  void rowsThatWereNotReadToTheirEndAreRefused() {
    rig.backend.chunk =
        (context, rows) -> {
          rows.next();
          return new ChunkReceipt("one", 1, 0);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.failure().orElseThrow().last().code()).isEqualTo("receipt-mismatch");
      assertThat(job.failure().orElseThrow().failures()).isEqualTo(1);
    }
  }

  @Test
  void aMergeIsAskedForAgainWithItsCheckpoint() {
    List<String> checkpoints = new ArrayList<>();
    rig.backend.merge =
        context -> {
          checkpoints.add(context.checkpoint().orElse("none"));
          return checkpoints.size() < 3
              ? new FinalizeStep.Again("poll-" + checkpoints.size(), Duration.ofSeconds(3))
              : rig.backend.merge(context);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(checkpoints).containsExactly("none", "poll-1", "poll-2");
    }
  }

  @Test
  void aCheckpointIsHandedToTheNextAttempt() {
    List<String> checkpoints = new ArrayList<>();
    rig.backend.chunk =
        (context, rows) -> {
          checkpoints.add(context.checkpoint().orElse("none"));
          if (context.attempt() == 1) {
            context.saveCheckpoint("half way");
            throw ExportException.retryable("target-busy", "The target is busy.", null);
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server()) {
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(checkpoints).containsExactly("none", "half way");
    }
  }

  @Test
  void aFailedCleanUpIsTriedAgainAndFailsNothing() {
    rig.backend.cleanup =
        context -> {
          if (context.attempt() < 3) {
            throw ExportException.retryable("staging-busy", "Staging is busy.", null);
          }
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(job.cleanup()).isEqualTo(CleanupState.DONE);
      assertThat(rig.events.notes).contains("cleanup failed staging-busy");
    }
  }

  @Test
  void theSameKeyAndRequestGiveTheRunningJob() {
    try (ExportService server = rig.server()) {
      ExportJob first = server.submit(keyed("sof.patient"));

      assertThat(server.submit(keyed("sof.patient")).id()).isEqualTo(first.id());
      assertThatThrownBy(() -> server.submit(keyed("sof.other")))
          .isInstanceOfSatisfying(
              ExportRefusedException.class,
              refused ->
                  assertThat(refused.issues())
                      .extracting(ExportIssue::code)
                      .containsExactly("idempotency-key-reused"));
      rig.drain(server, first);
      assertThat(server.submit(keyed("sof.patient")).id()).isNotEqualTo(first.id());
    }
  }

  private static ExportRequest keyed(String view) {
    return ExportRequest.builder(ScriptedBackend.KIND)
        .view(ViewName.parse(view))
        .idempotencyKey("k")
        .build();
  }

  @Test
  void cancelBeforeAnythingRanLandsNoRow() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(2, "sof.patient"));

      assertThat(server.cancel(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELING);
      assertThat(server.cancel(job.id())).isPresent();
      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.CANCELLED);
      assertThat(rig.backend.target).isEmpty();
      assertThat(rig.backend.calls).containsExactly("cleanup CANCELING");
      assertThat(server.cancel(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
      assertThat(server.cancel(JobId.random())).isEmpty();
    }
  }

  @Test
  void aRunningChunkSeesACancelAtTheNextHeartbeat() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      rig.backend.chunk =
          (context, rows) -> {
            server.cancel(job.id());
            context.stop().throwIfStopped();
            server.maintain();
            context.stop().throwIfStopped();
            return rig.backend.stage(context, rows);
          };

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.CANCELLED);
      assertThat(rig.backend.staged).isEmpty();
      assertThat(rig.backend.calls).filteredOn(call -> call.startsWith("chunk")).hasSize(1);
    }
  }

  @Test
  void aCancelDuringAMergeWithdrawsIt() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      rig.backend.merge =
          context -> {
            if (context.attempt() == 1) {
              server.cancel(job.id());
              return new FinalizeStep.Again("statement-1", Duration.ofSeconds(1));
            }
            assertThat(context.checkpoint()).contains("statement-1");
            return new FinalizeStep.Withdrawn();
          };
      ExportJob ended = rig.drain(server, job);

      assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
      assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.NOT_MERGED);
      assertThat(rig.backend.calls).contains("WITHDRAW patient#2");
    }
  }

  @Test
  void aMergeThatWasMadeDespiteTheCancelCompletesTheJob() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      rig.backend.merge =
          context -> {
            server.cancel(job.id());
            server.maintain();
            return rig.backend.merge(context);
          };

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void aMergeWhoseOutcomeStaysUnknownFailsTheJobAndSaysSo() {
    rig.backend.merge =
        context -> {
          throw new IllegalStateException("connection reset");
        };
    try (ExportService server = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
    }
  }

  @Test
  void aKindThatRunsElsewhereIsPlannedThere() {
    ExportConfig elsewhere =
        ExportConfig.builder().kindsElsewhere(Set.of(ScriptedBackend.KIND)).build();
    try (ExportService front =
            ExportService.builder()
                .store(rig.store)
                .source(rig.source)
                .config(elsewhere)
                .nanoTime(rig.clock)
                .build();
        ExportService back = rig.server()) {
      ExportJob job = front.submit(Rig.request(2, "sof.patient"));

      assertThat(front.runOnce()).isFalse();
      assertThat(rig.drain(back, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.backend.target).containsEntry("patient", Rig.numbers(100));
    }
  }

  @Test
  void jobsAreListedNewestFirst() {
    try (ExportService server = rig.server()) {
      ExportJob first = server.submit(Rig.request(1, "sof.patient"));
      ExportJob second = server.submit(Rig.request(1, "sof.other"));

      assertThat(server.list(JobFilter.NEWEST))
          .extracting(ExportJob::id)
          .containsExactly(second.id(), first.id());
    }
  }

  @Test
  void aListenerThatThrowsChangesNothing() {
    ExportListener broken =
        new ExportListener() {
          @Override
          public void jobAccepted(ExportJob job) {
            throw new IllegalStateException("broken listener");
          }
        };
    try (ExportService server = rig.builder().listener(broken).build()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void twoBackendsOfOneKindAreRefused() {
    assertThatThrownBy(() -> rig.builder().backend(new ScriptedBackend()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(ScriptedBackend.KIND);
  }
}
