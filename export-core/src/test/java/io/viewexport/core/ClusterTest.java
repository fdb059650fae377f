// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.view.ViewName;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What the servers of a cluster do for each other. */
class ClusterTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private final Rig rig = new Rig();

  private ExportService without() {
    ExportConfig config =
        ExportConfig.builder()
            .kindsElsewhere(Set.of(ScriptedBackend.KIND))
            .unservedTimeout(TIMEOUT)
            .build();
    return ExportService.builder()
        .store(rig.store)
        .source(rig.source)
        .config(config)
        .nanoTime(rig.clock)
        .listener(rig.events)
        .build();
  }

  private void pass(Duration time, ExportService... servers) {
    long steps = time.toSeconds() / 5;
    for (long step = 0; step <= steps; step++) {
      rig.clock.advance(Duration.ofSeconds(5));
      List.of(servers).forEach(ExportService::maintain);
    }
  }

  private static ExportRequest of(String principal) {
    return ExportRequest.builder(ScriptedBackend.KIND)
        .view(ViewName.parse("sof.patient"))
        .principal(principal)
        .build();
  }

  @Test
  void aJobWhoseKindNobodyServesFailsAndSaysWhatIsServed() {
    try (ExportService server = without()) {
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      rig.store.announce("other", Set.of("files", "iceberg"), Duration.ofHours(1));

      pass(TIMEOUT.minusSeconds(30), server);
      assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.ACCEPTED);
      pass(Duration.ofMinutes(1), server);

      ExportJob failed = server.find(job).orElseThrow();
      assertThat(failed.state()).isEqualTo(JobState.FAILED);
      ExportFailure failure = failed.failure().orElseThrow();
      assertThat(failure.last().code()).isEqualTo("kind-not-served");
      assertThat(failure.last().message()).contains("\"scripted\"").contains("files, iceberg");
      assertThat(failed.outputs()).allMatch(out -> out.outcome() == MergeOutcome.NOT_MERGED);
      assertThat(rig.events.notes).contains("ended failed");
    }
  }

  @Test
  void aJobIsLeftAloneWhileSomebodyServesItsKind() {
    try (ExportService server = without();
        ExportService busy = rig.server()) {
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      pass(TIMEOUT.multipliedBy(3), server, busy);

      assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.ACCEPTED);
      assertThat(rig.drain(busy, server.find(job).orElseThrow()).state())
          .isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void theFirstServerAfterAnOutageDoesNotEndTheJobsOfThoseToCome() {
    JobId job;
    try (ExportService before = without()) {
      job = before.submit(Rig.request(1, "sof.patient")).id();
    }
    rig.clock.advance(Duration.ofDays(1));
    try (ExportService first = without();
        ExportService second = rig.server()) {
      pass(TIMEOUT.dividedBy(2), first);
      pass(TIMEOUT, first, second);
      assertThat(first.find(job).orElseThrow().state()).isEqualTo(JobState.ACCEPTED);
    }
  }

  @Test
  void aMergeInDoubtOfAKindThatIsGoneIsUnknownInTheEnd() {
    rig.backend.merge =
        context -> {
          rig.backend.merge(context);
          return new FinalizeStep.Again("runs elsewhere", Duration.ofSeconds(1));
        };
    JobId job;
    try (ExportService served = rig.server()) {
      job = served.submit(Rig.request(1, "sof.patient")).id();
      for (int task = 0; task < 3; task++) {
        assertThat(served.runOnce()).isTrue();
      }
    }
    try (ExportService server = without()) {
      pass(TIMEOUT.plusMinutes(1), server);

      ExportJob failed = server.find(job).orElseThrow();
      assertThat(failed.state()).isEqualTo(JobState.FAILED);
      assertThat(failed.outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
      assertThat(failed.cleanup()).isEqualTo(CleanupState.OPEN);
    }
  }

  @Test
  void aCancelledJobOfAKindThatIsGoneIsCancelledWithItsCleanUpLeftToBeDone() {
    JobId job;
    try (ExportService served = rig.server()) {
      job = served.submit(Rig.request(1, "sof.patient")).id();
      served.runOnce();
    }
    try (ExportService server = without()) {
      server.cancel(job);
      pass(TIMEOUT.plusMinutes(1), server);

      ExportJob cancelled = server.find(job).orElseThrow();
      assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
      assertThat(cancelled.cleanup()).isEqualTo(CleanupState.OPEN);
      try (ExportService back = rig.server()) {
        assertThat(rig.drain(back, cancelled).cleanup()).isEqualTo(CleanupState.DONE);
      }
    }
  }

  @Test
  void aServerThatClosesTakesItsWordBack() {
    ExportService server = rig.builder().config(rig.config).build();
    server.maintain();
    assertThat(rig.store.unserved().served()).contains(ScriptedBackend.KIND);
    server.close();
    assertThat(rig.store.unserved().served()).isEmpty();
  }

  @Test
  void aPrincipalsJobsWaitForEachOtherAndNobodyElses() {
    ExportConfig one = ExportConfig.builder().jobsPerPrincipal(1).build();
    try (ExportService server = rig.builder().config(one).build()) {
      ExportJob first = server.submit(of("ann"));
      ExportJob second = server.submit(of("ann"));
      ExportJob other = server.submit(of("bob"));
      rig.clock.advance(Duration.ofMillis(1));
      assertThat(second.queuePosition()).hasValue(2);
      assertThat(server.stats().heldBackJobs()).isEqualTo(1);

      for (int task = 0; task < 2; task++) {
        assertThat(server.runOnce()).isTrue();
        rig.clock.advance(Duration.ofMillis(1));
      }
      assertThat(server.find(first.id()).orElseThrow().state()).isEqualTo(JobState.IN_PROGRESS);
      assertThat(server.find(other.id()).orElseThrow().state()).isEqualTo(JobState.IN_PROGRESS);
      ExportJob waiting = server.find(second.id()).orElseThrow();
      assertThat(waiting.state()).isEqualTo(JobState.ACCEPTED);
      assertThat(waiting.queuePosition()).hasValue(1);

      rig.drain(server, first);
      server.maintain();
      assertThat(rig.drain(server, second).state()).isEqualTo(JobState.COMPLETED);
      assertThat(server.find(second.id()).orElseThrow().queuePosition()).isEmpty();
    }
  }

  @Test
  void aJobThatWaitsForOthersCanBeCancelled() {
    ExportConfig one = ExportConfig.builder().jobsPerPrincipal(1).build();
    try (ExportService server = rig.builder().config(one).build()) {
      server.submit(of("ann"));
      JobId second = server.submit(of("ann")).id();
      server.cancel(second);
      server.maintain();
      ExportJob ended = rig.drain(server, server.find(second).orElseThrow());

      assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
      assertThat(rig.backend.calls).doesNotContain("chunk patient/0#2");
    }
  }

  @Test
  void noMoreTasksRunThanTheClusterAllows() {
    ExportConfig one = ExportConfig.builder().clusterSlots(1).build();
    List<Boolean> found = new ArrayList<>();
    try (ExportService server = rig.builder().config(one).build();
        ExportService other = rig.builder().config(one).build()) {
      rig.backend.chunk =
          (context, rows) -> {
            found.add(other.runOnce());
            return rig.backend.stage(context, rows);
          };
      ExportJob job = server.submit(Rig.request(3, "sof.patient"));

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
      assertThat(found).containsExactly(false, false, false);
    }
  }

  @Test
  void oldJobsAreRemovedByOneServerAtATime() {
    try (ExportService server = rig.server();
        ExportService other = rig.server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));
      assertThat(job.cleanup()).isEqualTo(CleanupState.DONE);
      rig.clock.advance(rig.config.retention().plusSeconds(1));
      assertThat(rig.store.takeDuty("purge", "somebody", Duration.ofMinutes(1))).isTrue();
      other.maintain();
      assertThat(other.list(JobFilter.NEWEST)).hasSize(1);

      rig.clock.advance(Duration.ofHours(1));
      other.maintain();
      assertThat(other.list(JobFilter.NEWEST)).isEmpty();
    }
  }

  @Test
  void anInterruptedMergeIsLookedUpAndCountsAsNoAttempt() {
    AtomicBoolean first = new AtomicBoolean(true);
    List<Boolean> doubts = new ArrayList<>();
    rig.backend.merge =
        context -> {
          if (first.getAndSet(false)) {
            rig.backend.merge(context);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cut off");
          }
          doubts.add(context.attempt() > 1);
          return rig.backend.merge(context);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      for (int task = 0; task < 3; task++) {
        server.runOnce();
      }
      assertThat(Thread.interrupted()).as("the host's own flag").isTrue();
      assertThat(server.runOnce()).as("at once").isFalse();
      server.cancel(job.id());

      ExportJob ended = rig.drain(server, job);
      assertThat(ended.state()).as("found out, as it was in doubt").isEqualTo(JobState.COMPLETED);
      assertThat(doubts).containsExactly(true);
      assertThat(rig.events.notes).noneMatch(note -> note.startsWith("failed"));
    }
  }

  @Test
  void aMergeThatStoppedInTimeIsNotInDoubt() {
    AtomicBoolean first = new AtomicBoolean(true);
    rig.backend.merge =
        context -> {
          if (first.getAndSet(false)) {
            Thread.currentThread().interrupt();
            throw new ExportStoppedException(StopReason.SHUTDOWN);
          }
          return rig.backend.merge(context);
        };
    try (ExportService server = rig.server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      for (int task = 0; task < 3; task++) {
        server.runOnce();
      }
      assertThat(Thread.interrupted()).isTrue();
      server.cancel(job.id());

      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.CANCELLED);
      assertThat(rig.backend.calls).doesNotContain("WITHDRAW patient#2");
    }
  }

  @Test
  void aNewJobBeginsLaterWhereItCouldNotBeAdmittedAtOnce() {
    AtomicBoolean away = new AtomicBoolean(true);
    JobStore flaky =
        new OtherStore(rig.store) {
          @Override
          void before(String call) {
            if (call.equals("admit") && away.get()) {
              throw new JobStoreException("The job store can't be reached.", null);
            }
          }
        };
    ExportConfig one = ExportConfig.builder().jobsPerPrincipal(1).build();
    try (ExportService server = rig.builder().store(flaky).config(one).build()) {
      ExportJob job = server.submit(of("ann"));
      assertThat(server.runOnce()).isFalse();
      away.set(false);
      server.maintain();
      assertThat(rig.drain(server, job).state()).isEqualTo(JobState.COMPLETED);
    }
  }
}
