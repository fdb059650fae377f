// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ListenerEventsTest {
  private final Rig rig = new Rig();
  private final Diary diary = new Diary();

  private ExportService server() {
    return rig.builder().listener(diary).build();
  }

  @Test
  void aJobsWholeLifeIsTold() {
    rig.backend.chunk =
        (context, rows) -> {
          rig.clock.advance(Duration.ofSeconds(3));
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(2, "sof.patient")));

      assertThat(diary.notes)
          .containsExactly(
              "accepted",
              "state in-progress",
              "began scripted SETUP 0/0#1",
              "DONE scripted SETUP 0/0#1 0 rows 0 bytes PT0S",
              "began scripted CHUNK 0/0#1",
              "DONE scripted CHUNK 0/0#1 50 rows 400 bytes PT3S",
              "began scripted CHUNK 0/1#1",
              "DONE scripted CHUNK 0/1#1 50 rows 400 bytes PT3S",
              "began scripted FINALIZE 0/0#1",
              "state completed",
              "ended completed",
              "DONE scripted FINALIZE 0/0#1 0 rows 0 bytes PT0S",
              "began scripted CLEANUP 0/0#1",
              "DONE scripted CLEANUP 0/0#1 0 rows 0 bytes PT0S");
    }
  }

  @Test
  void aCancelIsToldAndSoIsTheTaskThatItStops() {
    try (ExportService server = server()) {
      rig.backend.chunk =
          (context, rows) -> {
            rows.next();
            server.cancel(context.jobId());
            server.maintain();
            context.stop().throwIfStopped();
            throw new IllegalStateException("not told to stop");
          };
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(diary.notes)
          .containsSubsequence(
              "state canceling",
              "RELEASED scripted CHUNK 0/0#1 1 rows 0 bytes PT0S",
              "state cancelled",
              "ended cancelled",
              "DONE scripted CLEANUP 0/0#1 0 rows 0 bytes PT0S")
          .doesNotContain("state completed");
      assertPaired();
    }
  }

  @Test
  void aTaskThatIsNotWorkedAtAnyMoreBeginsAndEndsAllTheSame() {
    try (ExportService server = server()) {
      ExportJob job = server.submit(Rig.request(1, "sof.patient"));
      server.runOnce();
      rig.store.claim(
          new ClaimRequest("dead", Set.of(ScriptedBackend.KIND), 1, Duration.ofSeconds(30)));
      server.cancel(job.id());
      rig.clock.advance(Duration.ofSeconds(31));
      rig.drain(server, job);

      assertThat(diary.notes)
          .containsSubsequence(
              "began scripted CHUNK 0/0#2", "RELEASED scripted CHUNK 0/0#2 0 rows 0 bytes PT0S");
      assertPaired();
    }
  }

  @Test
  void aLostLeaseIsToldByTheServerThatLostIt() {
    Diary others = new Diary();
    try (ExportService server = server();
        ExportService other = rig.builder().listener(others).build()) {
      rig.backend.chunk =
          (context, rows) -> {
            if (context.attempt() == 1) {
              rig.clock.advance(Duration.ofSeconds(31));
              other.runOnce();
              throw ExportException.retryable("upload-broken", "The upload broke off.", null);
            }
            return rig.backend.stage(context, rows);
          };
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(diary.notes).contains("LEASE_LOST scripted CHUNK 0/0#1 0 rows 0 bytes PT31S");
      assertThat(others.notes)
          .containsExactly(
              "began scripted CHUNK 0/0#2", "DONE scripted CHUNK 0/0#2 100 rows 800 bytes PT0S");
      assertPaired();
    }
  }

  @Test
  void aFailureIsToldWithItsCauseAndACleanUpsTwice() {
    rig.backend.cleanup =
        context -> {
          if (context.attempt() == 1) {
            throw ExportException.retryable("folder-busy", "The folder is busy.", null);
          }
        };
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(diary.notes)
          .containsSubsequence(
              "FAILED scripted CLEANUP 0/0#1 0 rows 0 bytes PT0S folder-busy",
              "cleanup failed folder-busy",
              "DONE scripted CLEANUP 0/0#2 0 rows 0 bytes PT0S");
      assertPaired();
    }
  }

  @Test
  void aWarningIsToldWithItsAttemptAndTheTaskGoesOn() {
    rig.backend.cleanup =
        context -> context.warn("grant-missing", "Nothing was deleted; grant READ FILES.");
    try (ExportService server = server()) {
      rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(diary.notes)
          .containsSubsequence(
              "began scripted CLEANUP 0/0#1",
              "warned CLEANUP 0/0#1 grant-missing",
              "DONE scripted CLEANUP 0/0#1 0 rows 0 bytes PT0S");
    }
  }

  @Test
  void anErrorOfTheJvmIsToldAndTheTaskGoesOn() {
    rig.backend.chunk =
        (context, rows) -> {
          if (context.attempt() == 1) {
            throw new StackOverflowError();
          }
          return rig.backend.stage(context, rows);
        };
    try (ExportService server = server()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(diary.notes)
          .containsSubsequence(
              "unhealthy java.lang.StackOverflowError",
              "FAILED scripted CHUNK 0/0#1 0 rows 0 bytes PT0S server-error",
              "ended completed");
      assertThat(server.isHealthy()).isFalse();
      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void whatAListenerThrowsChangesNothing() {
    try (ExportService server =
        rig.builder().listener(new Rude()).listener(diary).listener(new Rude()).build()) {
      ExportJob job = rig.drain(server, server.submit(Rig.request(1, "sof.patient")));

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(server.isHealthy()).isTrue();
      assertThat(diary.notes).contains("accepted", "ended completed").hasSize(12);
      assertThat(rig.backend.calls)
          .containsExactly(
              "setup patient", "chunk patient/0#1", "MERGE patient#1", "cleanup COMPLETED");
    }
  }

  @Test
  void aSlowListenerCostsNoLease() {
    ExportConfig config =
        ExportConfig.builder()
            .leaseDuration(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(5))
            .build();
    ExportListener slow =
        new ExportListener() {
          @Override
          public void attemptStarted(String kind, TaskId task, int attempt) {
            if (task.type() == io.viewexport.core.state.TaskType.CHUNK) {
              long end = System.nanoTime() + Duration.ofMillis(1200).toNanos();
              Await.until("the lease would be over", () -> System.nanoTime() - end > 0);
            }
          }
        };
    try (ExportService server =
        ExportService.builder()
            .store(InMemoryJobStore.create())
            .source(rig.source)
            .backend(rig.backend)
            .config(config)
            .listener(slow)
            .listener(diary)
            .build()) {
      server.start();
      JobId job = server.submit(Rig.request(1, "sof.patient")).id();
      Await.until("the job ends", () -> server.find(job).orElseThrow().state().isFinal());

      assertThat(server.find(job).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
      assertThat(rig.backend.calls).contains("chunk patient/0#1").doesNotContain("patient/0#2");
    }
    assertThat(diary.notes).noneMatch(note -> note.startsWith("LEASE_LOST"));
  }

  private void assertPaired() {
    long began = diary.notes.stream().filter(note -> note.startsWith("began")).count();
    long over = diary.notes.stream().filter(note -> note.contains(" rows ")).count();
    assertThat(over).isEqualTo(began);
  }

  /** Notes all that it is told. */
  private static final class Diary implements ExportListener {
    final List<String> notes = new CopyOnWriteArrayList<>();

    @Override
    public void jobAccepted(ExportJob job) {
      notes.add("accepted");
    }

    @Override
    public void jobStateChanged(JobId job, JobState state) {
      notes.add("state " + state.code());
    }

    @Override
    public void jobEnded(JobId job, JobState state) {
      notes.add("ended " + state.code());
    }

    @Override
    public void attemptStarted(String kind, TaskId task, int attempt) {
      notes.add("began " + kind + " " + name(task, attempt));
    }

    @Override
    public void attemptEnded(AttemptReport report) {
      String failure = report.failure().map(cause -> " " + cause.code()).orElse("");
      notes.add(
          "%s %s %s %d rows %d bytes %s%s"
              .formatted(
                  report.result(),
                  report.kind(),
                  name(report.task(), report.attempt()),
                  report.rowCount(),
                  report.byteCount(),
                  report.elapsed(),
                  failure));
    }

    @Override
    public void taskWarned(TaskId task, int attempt, ExportIssue warning) {
      notes.add("warned " + name(task, attempt) + " " + warning.code());
    }

    @Override
    public void cleanupFailed(JobId job, FailureCause cause) {
      notes.add("cleanup failed " + cause.code());
    }

    @Override
    public void unhealthy(String errorClass) {
      notes.add("unhealthy " + errorClass);
    }

    private static String name(TaskId task, int attempt) {
      return task.type() + " " + task.view() + "/" + task.chunk() + "#" + attempt;
    }
  }

  /** Throws whatever it is told. */
  private static final class Rude implements ExportListener {
    @Override
    public void jobAccepted(ExportJob job) {
      throw new IllegalStateException("rude");
    }

    @Override
    public void jobStateChanged(JobId job, JobState state) {
      throw new StackOverflowError("rude");
    }

    @Override
    public void jobEnded(JobId job, JobState state) {
      throw new IllegalStateException("rude");
    }

    @Override
    public void attemptStarted(String kind, TaskId task, int attempt) {
      throw new NoClassDefFoundError("rude");
    }

    @Override
    public void attemptEnded(AttemptReport report) {
      throw new IllegalStateException("rude");
    }
  }
}
