// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopReason;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.retry.RetryPolicy;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunningServiceTest {
  private final JobStore store = InMemoryJobStore.create();
  private final Rig rig = new Rig();

  private ExportService.Builder server(JobStore jobs, int slots) {
    return ExportService.builder()
        .store(jobs)
        .source(rig.source)
        .backend(rig.backend)
        .listener(rig.events)
        .config(
            ExportConfig.builder()
                .workerSlots(slots)
                .poolSize(20)
                .leaseDuration(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(5))
                .shutdownGrace(Duration.ZERO)
                .retryPolicy(
                    RetryPolicy.builder()
                        .initialDelay(Duration.ofMillis(1))
                        .cleanupInitialDelay(Duration.ofMillis(1))
                        .build())
                .build());
  }

  private ExportJob ended(ExportService server, JobId job) {
    Await.until("the job ends", () -> server.find(job).orElseThrow().state().isFinal());
    return server.find(job).orElseThrow();
  }

  @Test
  void neverMoreTasksRunThanThereAreSlots() {
    AtomicInteger running = new AtomicInteger();
    List<Integer> seen = new CopyOnWriteArrayList<>();
    CountDownLatch both = new CountDownLatch(2);
    rig.backend.chunk =
        (context, rows) -> {
          seen.add(running.incrementAndGet());
          both.countDown();
          Await.latch(both);
          running.decrementAndGet();
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = server(store, 2).build()) {
      server.start();
      ExportJob job = ended(server, server.submit(Rig.request(8, "sof.patient")).id());

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(seen).hasSize(8).contains(2).allMatch(count -> count <= 2);
      assertThat(rig.backend.target).containsEntry("patient", Rig.numbers(100));
    }
  }

  @Test
  void aTaskThatOutlastsItsLeaseKeepsIt() {
    rig.backend.chunk =
        (context, rows) -> {
          long end = System.nanoTime() + Duration.ofMillis(1500).toNanos();
          Await.until("the lease is over", () -> System.nanoTime() - end > 0);
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = server(store, 2).build()) {
      server.start();

      assertThat(ended(server, server.submit(Rig.request(1, "sof.patient")).id()).state())
          .isEqualTo(JobState.COMPLETED);
      assertThat(rig.backend.calls)
          .contains("chunk patient/0#1")
          .doesNotContain("chunk patient/0#2");
    }
  }

  @Test
  void anotherServersCancelReachesARunningChunk() {
    CountDownLatch runs = new CountDownLatch(1);
    List<StopReason> seen = new CopyOnWriteArrayList<>();
    rig.backend.chunk =
        (context, rows) -> {
          CountDownLatch told = new CountDownLatch(1);
          try (var registration = context.stop().onStop(told::countDown)) {
            assertThat(registration).isNotNull();
            runs.countDown();
            Await.latch(told);
          }
          context.stop().reason().ifPresent(seen::add);
          throw ExportException.retryable("query-cancelled", "The query was cancelled.", null);
        };
    try (ExportService server = server(store, 2).build();
        ExportService other = server(store, 2).build()) {
      server.start();
      JobId job = other.submit(Rig.request(1, "sof.patient")).id();
      Await.latch(runs);
      other.cancel(job);

      assertThat(ended(other, job).state()).isEqualTo(JobState.CANCELLED);
      assertThat(seen).containsExactly(StopReason.JOB_ENDING);
      assertThat(rig.events.notes).noneMatch(note -> note.startsWith("failed"));
    }
  }

  @Test
  void outagesOfTheStoreAreSurvived() {
    Outage outage = new Outage(store);
    rig.backend.chunk =
        (context, rows) -> {
          outage.next(4);
          context.saveCheckpoint("during the outage");
          return rig.backend.stage(context, rows);
        };
    rig.backend.merge =
        context -> {
          outage.next(4);
          return rig.backend.merge(context);
        };
    try (ExportService server = server(outage, 2).build()) {
      server.start();
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      Await.until(
          "the job ends", () -> store.find(job).orElseThrow().state() == JobState.COMPLETED);

      assertThat(outage.failed.get()).isGreaterThanOrEqualTo(8);
      assertThat(rig.events.notes).noneMatch(note -> note.startsWith("failed"));
    }
  }

  @Test
  void aShutdownHandsTasksBackWithoutCountingAnything() {
    CountDownLatch runs = new CountDownLatch(1);
    rig.backend.chunk =
        (context, rows) -> {
          if (context.attempt() > 1) {
            return rig.backend.stage(context, rows);
          }
          CountDownLatch told = new CountDownLatch(1);
          context.stop().onStop(told::countDown);
          runs.countDown();
          Await.latch(told);
          context.stop().throwIfStopped();
          throw new IllegalStateException("not told to stop");
        };
    JobId job;
    try (ExportService first = server(store, 2).build()) {
      first.start();
      job = first.submit(Rig.request(1, "sof.patient")).id();
      Await.latch(runs);
    }
    try (ExportService second = server(store, 2).build()) {
      while (second.runOnce()) {
        assertThat(second.isHealthy()).isTrue();
      }

      assertThat(second.find(job).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.backend.calls).contains("chunk patient/0#2");
      assertThat(rig.events.notes).containsExactly("accepted", "ended completed");
    }
  }

  @Test
  void anInterruptFreesTheTaskAndKeepsTheFlag() {
    rig.backend.chunk =
        (context, rows) -> {
          if (context.attempt() < 5) {
            Thread.currentThread().interrupt();
            throw ExportException.retryable("upload-broken", "The upload broke off.", null);
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = rig.server()) {
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      server.runOnce();
      for (int attempt = 1; attempt < 5; attempt++) {
        assertThat(server.runOnce()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(server.runOnce()).as("again at once").isFalse();
        rig.clock.advance(Duration.ofSeconds(1));
      }
      while (server.runOnce()) {
        assertThat(Thread.interrupted()).isFalse();
      }

      assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
    }
  }

  /** A store whose next calls fail, as many as a test says. */
  private static final class Outage extends OtherStore {
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    Outage(JobStore store) {
      super(store);
    }

    void next(int calls) {
      left.set(calls);
    }

    @Override
    void before(String call) {
      if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
        failed.incrementAndGet();
        throw new JobStoreException("the store can't be reached", null);
      }
    }
  }
}
