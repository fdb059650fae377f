// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ViewName;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What backends do that is easily taken for something else. */
class FailureEdgesTest {
  private final Rig rig = new Rig();

  /** Runs tasks as they become due, but not for ever. */
  private ExportJob run(ExportService server, ExportJob job) {
    for (int step = 0; step < 100; step++) {
      server.runOnce();
      rig.clock.advance(Duration.ofSeconds(1));
    }
    return server.find(job.id()).orElseThrow();
  }

  @Test
  void aTimeOutOfASocketIsAFailureAndNoInterrupt() {
    rig.backend.chunk =
        (context, rows) -> {
          throw ExportException.retryable(
              "target-slow", "The target did not answer.", new SocketTimeoutException("timed out"));
        };
    try (ExportService server = rig.server()) {
      ExportJob ended = run(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().failures()).isEqualTo(3);
    }
  }

  @Test
  void aReceiptThatNoStoreKeepsFailsTheChunk() {
    rig.backend.chunk =
        (context, rows) -> {
          ChunkReceipt receipt = rig.backend.stage(context, rows);
          return new ChunkReceipt("a\0b", receipt.rowCount(), receipt.byteCount());
        };
    try (ExportService server = rig.server()) {
      ExportJob ended = run(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().last().code()).isEqualTo("receipt-mismatch");
    }
  }

  @Test
  void aCheckpointThatNoStoreKeepsFailsTheTask() {
    rig.backend.chunk =
        (context, rows) -> {
          context.saveCheckpoint("a\0b");
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server()) {
      ExportJob ended = run(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(ended.failure().orElseThrow().last().code()).isEqualTo("checkpoint-refused");
    }
  }

  @Test
  void aMergeIsDoneWhateverItsLocationHolds() {
    rig.backend.merge =
        context -> {
          rig.backend.merge(context);
          return new FinalizeStep.Done("memory:a\0b", MergeCounts.UNKNOWN);
        };
    try (ExportService server = rig.server()) {
      ExportJob ended = run(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
      assertThat(ended.outputs().get(0).location()).contains("memory:ab");
    }
  }

  @Test
  void aMergeThatRunsElsewhereStaysInDoubtWhereItsCheckpointIsTooLarge() {
    String large = "x".repeat(TaskContext.MAX_CHECKPOINT_BYTES + 1);
    rig.backend.merge = context -> new FinalizeStep.Again(large, Duration.ofSeconds(1));
    try (ExportService server = rig.server()) {
      ExportJob ended = run(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().last().code()).isEqualTo("checkpoint-refused");
      assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
    }
  }

  @Test
  void aMergeThatAsksToWaitForEverIsAskedForAgainWithinADay() {
    AtomicInteger calls = new AtomicInteger();
    rig.backend.merge =
        context ->
            calls.incrementAndGet() == 1
                ? new FinalizeStep.Again("s", Duration.ofSeconds(Long.MAX_VALUE))
                : rig.backend.merge(context);
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      run(server, job);
      rig.clock.advance(Duration.ofDays(1));

      assertThat(run(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.events.notes).noneMatch(note -> note.startsWith("lost"));
    }
  }

  @Test
  void aMergeThatIsWithdrawnWithoutBeingAskedIsUnknown() {
    rig.backend.merge = context -> new FinalizeStep.Withdrawn();
    assertUnknown("unasked-withdrawal");
  }

  @Test
  @SuppressWarnings("NullAway")
  void aMergeThatGivesNoAnswerIsUnknown() {
    rig.backend.merge = context -> null;
    assertUnknown("no-answer");
  }

  private void assertUnknown(String code) {
    try (ExportService server = rig.server()) {
      ExportJob ended = run(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(ended.failure().orElseThrow().last().code()).isEqualTo(code);
      assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
    }
  }

  /** The stop does not tell whether the merge had begun when something else went wrong. */
  @Test
  void aMergeThatBreaksWhileTheJobIsCancelledIsFoundOut() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      rig.backend.merge =
          context -> {
            if (context.attempt() == 1) {
              rig.backend.merge(context);
              server.cancel(job.id());
              server.maintain();
              throw new IllegalStateException("broke");
            }
            return new FinalizeStep.Done("memory:patient", MergeCounts.UNKNOWN);
          };

      assertThat(run(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.backend.calls).contains("WITHDRAW patient#2");
    }
  }

  @Test
  void aKeyGivesTheRunningJobAlsoWhereItCouldNotBePlannedAnyMore() {
    ExportRequest request =
        ExportRequest.builder(ScriptedBackend.KIND)
            .view(ViewName.parse("sof.patient"))
            .idempotencyKey("k")
            .build();
    try (ExportService server = rig.server()) {
      ExportJob first = server.submit(request);
      rig.source.drop("sof.patient");

      assertThat(server.submit(request).id()).isEqualTo(first.id());
    }
  }

  @Test
  void aSignalIsGivenAlsoWhereTheServiceIsClosed() {
    AtomicInteger told = new AtomicInteger();
    ExportService server = rig.server();
    rig.backend.chunk =
        (context, rows) -> {
          context.stop().onStop(told::incrementAndGet);
          server.close();
          rig.clock.advance(Duration.ofSeconds(30));
          assertThat(context.stop().reason()).isPresent();
          context.stop().throwIfStopped();
          throw new IllegalStateException("not told to stop");
        };
    server.submit(Rig.request(1, "sof.patient"));
    server.runOnce();
    server.runOnce();

    assertThat(told).hasValue(1);
    assertThat(rig.events.notes).contains("lost CHUNK");
    assertThatThrownBy(server::runOnce).isInstanceOf(IllegalStateException.class);
  }
}
