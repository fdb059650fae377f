// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.internal.Race;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clean-up removes and keeps. */
interface CleanupRules {
  /** How far a job has come when it is cancelled. */
  enum Stage {
    PLANNED,
    SET_UP,
    CHUNK_FAILED_AT_ITS_FIRST_ROW,
    CHUNK_FAILED_MIDWAY,
    CHUNK_FAILED_AT_ITS_END,
    SOME_CHUNKS,
    ALL_CHUNKS,
    WITHDRAWN
  }

  @ParameterizedTest
  @EnumSource
  default void b13_aCancelledJobLeavesNothing(Stage stage, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 60)).cut(3);
    ManualJob job = world.job(export);
    bringTo(stage, job, world);
    for (ExportBackend server :
        new ExportBackend[] {world.another(), world.backend, world.another()}) {
      job.cleanUp(server, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
      world.assertClean("after the clean-up of a job that was cancelled: " + stage);
      world.assertEmpty(export.target(), "after the clean-up of a job that was cancelled");
    }
    world.run(SampleExport.of(export.target(), export.rows()));
    world.assertTarget(export.target(), export.rows(), "of the next job");
  }

  private static void bringTo(Stage stage, ManualJob job, BackendWorld world) {
    job.plan(world.backend);
    if (stage == Stage.PLANNED) {
      return;
    }
    job.setup(world.backend, 0);
    switch (stage) {
      case PLANNED, SET_UP -> {}
      case CHUNK_FAILED_AT_ITS_FIRST_ROW -> failChunk(job, world, 0);
      case CHUNK_FAILED_MIDWAY -> failChunk(job, world, 7);
      case CHUNK_FAILED_AT_ITS_END -> failChunk(job, world, Long.MAX_VALUE);
      case SOME_CHUNKS -> {
        job.chunk(world.backend, 0, 1);
        failChunk(job, world, 5);
        job.lateChunk(world.backend, 0, 1);
      }
      case ALL_CHUNKS, WITHDRAWN -> {
        for (int chunk = 0; chunk < 3; chunk++) {
          job.chunk(world.backend, 0, chunk);
        }
        if (stage == Stage.WITHDRAWN) {
          job.withdraw(world.backend, 0);
        }
      }
    }
  }

  private static void failChunk(ManualJob job, BackendWorld world, long row) {
    world.reading(cursor -> new FaultyCursor(cursor).fail(row, CleanupRules::sourceLost));
    Failures.of("a chunk whose source broke off", () -> job.chunk(world.backend, 0, 0));
    world.reading(cursor -> cursor);
  }

  private static ExportException sourceLost() {
    return ExportException.retryable("source-lost", "The source broke off.", null);
  }

  /** Attempts that failed, were late, or won: all are gone, and the rows stay. */
  @Test
  default void b13_everyAttemptsRemainsAreRemoved(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 60)).cut(2);
    ManualJob job = world.job(export);
    bringTo(Stage.SET_UP, job, world);
    failChunk(job, world, 3);
    for (int attempt = 0; attempt < 11; attempt++) {
      job.lateChunk(world.backend, 0, 1);
    }
    job.chunk(world.another(), 0, 0);
    job.chunk(world.another(), 0, 1);
    job.lateChunk(world.backend, 0, 0);
    job.merge(world.backend, 0);
    for (int again = 0; again < 2; again++) {
      job.cleanUp(world.another(), JobState.COMPLETED, MergeOutcome.MERGED);
      world.assertClean("after a job with many attempts");
      world.assertTarget(export.target(), export.rows(), "after clean-up");
    }
  }

  @Test
  default void b13_serversCleanUpAtOnce(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 60)).cut(3);
    ManualJob job = world.job(export);
    bringTo(Stage.SOME_CHUNKS, job, world);
    List<ExportBackend> servers = List.of(world.another(), world.another(), world.another());
    Race.of(
        servers.size(),
        number -> {
          Throwable thrown =
              catchThrowable(
                  () ->
                      job.cleanUp(
                          servers.get(number), JobState.CANCELLED, MergeOutcome.NOT_MERGED));
          Failures.passing("clean-up by several servers at once", thrown);
          return true;
        });
    job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    world.assertClean("after the clean-up by several servers at once");
  }

  /** Ids that are the beginnings of each other, and the same target. */
  @Test
  default void b13_otherJobsAreLeftAlone(BackendWorld world) {
    SampleExport done = world.export(Samples.keys(0, 5));
    SampleExport running = world.export(Samples.keys(0, 60)).cut(12);
    ManualJob other = world.job("job-1", running).stage(world.backend);
    Set<String> staged = world.fixture.residue();
    for (String id : new String[] {"job", "job-11", "job1", "job-1-v0", "JOB-1", "1", "job-1-"}) {
      SampleExport sharing = SampleExport.of(running.target(), Samples.keys(100, 103));
      ManualJob job = world.job(id, sharing).stage(world.backend);
      job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
      assertThat(world.fixture.residue())
          .as("staging of job-1 after the clean-up of %s", id)
          .containsExactlyInAnyOrderElementsOf(staged);
    }
    world.run(done);
    other.merge(world.backend, 0);
    world.assertTarget(running.target(), running.rows(), "after other jobs' clean-ups");
    world.assertTarget(done.target(), done.rows(), "of another job");
    other.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertTarget(running.target(), running.rows(), "after clean-up");
    world.assertTarget(done.target(), done.rows(), "of another job after clean-up");
    world.assertClean("after all jobs");
  }

  /** Nothing of the job is in a target that others have filled, whatever the outcome. */
  @ParameterizedTest
  @EnumSource(names = {"NOT_MERGED", "MERGED"})
  default void b13_whatTheTargetHadStays(MergeOutcome outcome, BackendWorld world) {
    SampleExport first = world.export(Samples.keys(0, 5));
    world.run(first);
    SampleExport second = SampleExport.of(first.target(), Samples.keys(3, 9));
    ManualJob job = world.job(second);
    if (world.fixture.existingTarget() == ExistingTarget.REFUSED) {
      world.noteRefused();
      Failures.whatever(() -> job.stage(world.backend));
      job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
      world.assertTarget(first.target(), first.rows(), "after the clean-up of a refused job");
      return;
    }
    job.stage(world.backend);
    if (outcome == MergeOutcome.MERGED) {
      job.merge(world.backend, 0);
    }
    SampleRows before = world.rows(first.target(), Samples.SCHEMA);
    for (int again = 0; again < 2; again++) {
      job.cleanUp(world.backend, JobState.FAILED, outcome);
      world.assertTarget(first.target(), before, "after clean-up, " + outcome);
      world.assertClean("after clean-up, " + outcome);
    }
  }

  /** A chunk that was frozen while its job was cancelled and cleaned up. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 30, Long.MAX_VALUE})
  default void b13_aFrozenChunksRemainsGoWithTheSecondCleanUp(long row, BackendWorld world) {
    for (boolean told : new boolean[] {true, false}) {
      SampleExport export = world.export(Samples.keys(0, 60));
      ManualJob job = world.job(export);
      bringTo(Stage.SET_UP, job, world);
      Meanwhile<Boolean> cleanUp =
          new Meanwhile<>(
              () -> {
                job.cleanUp(world.another(), JobState.CANCELLED, MergeOutcome.NOT_MERGED);
                return true;
              });
      world.reading(
          cursor ->
              new FaultyCursor(cursor)
                  .at(
                      row,
                      () -> {
                        cleanUp.run();
                        if (told) {
                          job.contexts().stop().stop(StopReason.LEASE_LOST);
                        }
                      }));
      Throwable thrown = catchThrowable(() -> job.lateChunk(world.backend, 0, 0));
      world.reading(cursor -> cursor);
      Failures.passing("a chunk whose staging was cleaned up while it was frozen", thrown);
      if (told) {
        assertThat(thrown).as("what a chunk throws that was told to stop").isNotNull();
      }
      Failures.passing("clean-up while a chunk is frozen", cleanUp.thrown());
      job.contexts().restart();
      job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
      world.assertClean("after the second clean-up, with a frozen chunk between the two");
      world.assertEmpty(export.target(), "after that");
    }
  }

  @Test
  default void b14_whatIsInDoubtIsKeptOrFoundOut(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 10)).cut(2);
    ManualJob job = world.job(export).stage(world.backend);
    Set<String> staged = world.fixture.residue();
    Throwable thrown =
        catchThrowable(() -> job.cleanUp(world.another(), JobState.FAILED, MergeOutcome.UNKNOWN));
    if (thrown != null) {
      Failures.of(
          "clean-up of what is in doubt",
          () -> {
            throw thrown;
          });
    }
    world.assertEmpty(export.target(), "after the clean-up of what is in doubt");
    if (world.fixture.doubtfulStaging() == DoubtfulStaging.KEPT) {
      assertThat(world.fixture.residue())
          .as("staging after the clean-up of what is in doubt")
          .containsAll(staged);
      job.merge(world.backend, 0);
      world.assertTarget(export.target(), export.rows(), "after a merge that was in doubt");
    } else if (catchThrowable(() -> job.merge(world.backend, 0)) == null) {
      world.assertTarget(export.target(), export.rows(), "after a merge that was in doubt");
    } else {
      world.assertEmpty(export.target(), "after a merge that was found not to be done");
    }
    job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED);
    world.assertClean("once the outcome is known");
  }

  @Test
  default void b14_rowsOfAMergeInDoubtStay(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 10)).cut(2);
    ManualJob job = world.job(export).stage(world.backend);
    job.merge(world.backend, 0);
    Failures.whatever(() -> job.cleanUp(world.another(), JobState.FAILED, MergeOutcome.UNKNOWN));
    world.assertTarget(export.target(), export.rows(), "after the clean-up of what is in doubt");
    assertThat(job.withdraw(world.another(), 0))
        .as("the answer to WITHDRAW of a merge that is done, after a clean-up in doubt")
        .isInstanceOf(FinalizeStep.Done.class);
    job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.MERGED);
    world.assertTarget(export.target(), export.rows(), "once the outcome is known");
    world.assertClean("once the outcome is known");
  }

  /** A merge is frozen at each step while clean-up, which does not know how it ends, goes by. */
  @Test
  default void b14_aFrozenMergeIsNotHalfCleanedUp(BackendWorld world) {
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 10)).cut(2);
          ManualJob job = world.job(export).stage(world.backend);
          Meanwhile<Boolean> cleanUp =
              new Meanwhile<>(
                  () -> {
                    job.cleanUp(world.another(), JobState.FAILED, MergeOutcome.UNKNOWN);
                    return true;
                  });
          AtUse pause =
              new AtUse(
                  use,
                  () -> {
                    cleanUp.run();
                    job.contexts().stop().stop(StopReason.LEASE_LOST);
                  });
          job.contexts().onUse(pause);
          Throwable thrown = catchThrowable(() -> job.merge(world.backend, 0));
          boolean struck = pause.end();
          if (struck) {
            cleanUp.thrown();
            String when = "where clean-up, in doubt, came at step " + use + " of finalize";
            SampleRows expected =
                world.rows(export.target(), Samples.SCHEMA).size() == 0 && thrown != null
                    ? Samples.none()
                    : export.rows();
            world.assertTarget(export.target(), expected, when);
          }
          return pause;
        });
  }
}
