// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrashTest {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private final Rig rig = new Rig();

  /** Claims a task and is never heard of again. */
  private ClaimedTask dies() {
    return rig.store.claim(new ClaimRequest("dead", Set.of(ScriptedBackend.KIND), 1, LEASE)).get(0);
  }

  @Test
  void anotherServerTakesOverOnceTheLeaseHasRunOut() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      server.runOnce();
      dies();

      assertThat(server.runOnce()).isFalse();
      rig.clock.advance(LEASE);
      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.backend.calls).contains("chunk patient/0#2");
      assertThat(rig.backend.cleaned.get(0).chunks().get(0).started()).isEqualTo(2);
    }
  }

  @Test
  void aFrozenWorkerIsFencedBeforeItsLeaseHasEnded() {
    List<StopReason> seen = new ArrayList<>();
    rig.backend.chunk =
        (context, rows) -> {
          if (context.attempt() == 1) {
            rig.clock.advance(LEASE.minusSeconds(4));
            context.stop().reason().ifPresent(seen::add);
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(seen).containsExactly(StopReason.LEASE_LOST);
      assertThat(rig.events.notes).contains("lost CHUNK");
      assertThat(rig.backend.staged).hasSize(1);
    }
  }

  @Test
  void theResultOfAWorkerWhoseLeaseIsAnothersIsDropped() {
    try (ExportService slow = rig.server();
        ExportService quick = rig.server()) {
      rig.backend.chunk =
          (context, rows) -> {
            var receipt = rig.backend.stage(context, rows);
            if (context.attempt() == 1) {
              rig.clock.advance(LEASE);
              quick.runOnce();
            }
            return receipt;
          };
      rig.backend.merge =
          context -> {
            assertThat(context.receipts()).singleElement().matches(won -> won.attempt() == 2);
            return rig.backend.merge(context);
          };
      ExportJob job = slow.submit(Rig.request(1, "sof.patient"));

      assertThat(rig.drain(slow, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.events.notes).contains("lost CHUNK");
    }
  }

  @Test
  void aCheckpointOfAnOldAttemptIsRefused() {
    List<StopReason> seen = new ArrayList<>();
    try (ExportService slow = rig.server();
        ExportService quick = rig.server()) {
      rig.backend.chunk =
          (context, rows) -> {
            if (context.attempt() == 1) {
              rig.clock.advance(LEASE);
              quick.runOnce();
              try {
                context.saveCheckpoint("late");
              } catch (ExportStoppedException stopped) {
                seen.add(stopped.reason());
              }
            }
            return rig.backend.stage(context, rows);
          };
      ExportJob job = slow.submit(Rig.request(1, "sof.patient"));

      assertThat(rig.drain(slow, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(seen).containsExactly(StopReason.LEASE_LOST);
    }
  }

  @Test
  void aTaskWhoseWorkersDieSilentlyIsGivenUp() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      for (int death = 0; death < 10; death++) {
        dies();
        rig.clock.advance(LEASE);
      }
      ExportJob ended = rig.drain(server, job);

      assertThat(ended.state()).isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().last().code()).isEqualTo("worker-lost");
      assertThat(rig.backend.calls).doesNotContain("setup patient");
    }
  }

  @Test
  void aMergeThatDiedIsWithdrawnAfterACancel() {
    rig.backend.merge = context -> new FinalizeStep.Withdrawn();
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      server.runOnce();
      server.runOnce();
      dies();
      server.cancel(job.id());
      rig.clock.advance(LEASE);
      ExportJob ended = rig.drain(server, job);

      assertThat(rig.backend.calls).contains("WITHDRAW patient#2");
      assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
      assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.NOT_MERGED);
    }
  }

  @Test
  void aSecondCleanUpFollowsTheGraceTimeWhereAWorkerMayBeFrozen() {
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      server.runOnce();
      dies();
      rig.clock.advance(LEASE);
      rig.drain(server, job);
      rig.clock.advance(rig.config.cleanupGrace());
      rig.drain(server, job);

      assertThat(rig.backend.calls).filteredOn(call -> call.startsWith("cleanup")).hasSize(2);
    }
  }
}
