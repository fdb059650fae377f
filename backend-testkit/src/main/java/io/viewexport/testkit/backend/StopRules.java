// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.ContextUse;
import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What work does that is told to end. */
interface StopRules {

  @ParameterizedTest
  @EnumSource
  default void b12_afterTheSignalNothingTakesEffect(StopReason reason, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 4));
    ManualJob job = world.job(export).stage(world.backend);
    Set<String> staged = world.fixture.residue();
    job.contexts().stop().stop(reason);
    Failures.stopped("finalize after the signal", () -> job.merge(world.backend, 0));
    world.assertEmpty(export.target(), "after finalize was told to stop");
    Failures.whatever(() -> job.withdraw(world.backend, 0));
    Failures.stopped(
        "clean-up after the signal",
        () -> job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED));
    assertThat(world.fixture.residue()).as("staging after the signal").containsAll(staged);
    job.contexts().restart();
    job.merge(world.backend, 0);
    world.assertTarget(
        export.target(), export.rows(), "after the next attempt, which neither undid");
  }

  @Test
  default void b12_aChunkToldToStopLeavesNoReceipt(BackendWorld world) {
    ManualJob job = world.job(world.export(Samples.keys(0, 4)));
    job.plan(world.backend);
    job.setup(world.backend, 0);
    job.contexts().stop().stop(StopReason.LEASE_LOST);
    Failures.stopped("a chunk after the signal", () -> job.chunk(world.backend, 0, 0));
    Failures.stopped("setup after the signal", () -> job.setup(world.backend, 0));
    job.contexts().restart();
    SampleExport second = world.export(Samples.keys(0, 4));
    ManualJob late = world.job(second);
    late.plan(world.backend);
    late.setup(world.backend, 0);
    world.reading(
        cursor ->
            new FaultyCursor(cursor)
                .atEnd(() -> late.contexts().stop().stop(StopReason.LEASE_LOST)));
    Failures.stopped(
        "a chunk that is told to stop when it has read all", () -> late.chunk(world.backend, 0, 0));
  }

  /**
   * The signal is given at each step of finalize: unless the rows are there by then, none comes.
   */
  @Test
  default void b12_theSignalIsAskedAfterAllIsPrepared(BackendWorld world) {
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 4)).cut(2);
          ManualJob job = world.job(export).stage(world.backend);
          boolean[] before = {true};
          AtUse signal =
              new AtUse(
                  use,
                  () -> {
                    before[0] = world.rows(export.target(), Samples.SCHEMA).size() == 0;
                    job.contexts().stop().stop(StopReason.LEASE_LOST);
                  });
          job.contexts()
              .onUse(
                  step -> {
                    if (step != ContextUse.TOLD_STOP) {
                      signal.accept(step);
                    }
                  });
          Throwable thrown = catchThrowable(() -> job.merge(world.backend, 0));
          boolean struck = signal.end();
          if (struck) {
            assertStopped(world, export, thrown, before[0], use);
          }
          return signal;
        });
  }

  private static void assertStopped(
      BackendWorld world,
      SampleExport export,
      @Nullable Throwable thrown,
      boolean before,
      int use) {
    String when = "with the signal given at step " + use + " of finalize";
    if (before) {
      assertThat(thrown)
          .as("what finalize throws, %s, before the rows were in the target", when)
          .isInstanceOf(ExportStoppedException.class);
      world.assertEmpty(export.target(), when);
    } else {
      world.assertTarget(export.target(), export.rows(), when);
    }
  }

  /** Where one asks, the others can ask, too: the signal is given while a clean-up is at work. */
  @Test
  default void b12_cleanUpAsksBeforeItDeletes(BackendWorld world) {
    ManualJob job = world.job(world.export(Samples.keys(0, 4)).cut(2)).stage(world.backend);
    Set<String> staged = world.fixture.residue();
    job.contexts()
        .onUse(
            use -> {
              if (use == ContextUse.ASK_STOP) {
                job.contexts().stop().stop(StopReason.LEASE_LOST);
              }
            });
    Failures.stopped(
        "clean-up that is told to stop when it asks first",
        () -> job.cleanUp(world.backend, JobState.FAILED, MergeOutcome.NOT_MERGED));
    assertThat(world.fixture.residue()).as("staging after that").containsAll(staged);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 5000})
  default void b22_aStopWhileRowsAreReadEndsTheChunk(int row, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 5000));
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    long[] read = new long[1];
    world.reading(
        cursor -> {
          CursorWatch watched = new CursorWatch(cursor);
          watched.onNext(() -> read[0]++);
          return new FaultyCursor(watched)
              .at(row, () -> job.contexts().stop().stop(StopReason.JOB_ENDING));
        });
    Failures.stopped(
        "a chunk whose cursor says at row " + row + " that it must stop",
        () -> job.chunk(world.backend, 0, 0));
    assertThat(read[0]).as("rows asked for").isLessThanOrEqualTo(row + 1);
    job.contexts().restart();
    job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    world.assertClean("after a chunk was stopped at row " + row);
  }

  /** An interrupt may end a call or not, but it is not lost, and no reason to give up for good. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 300})
  default void b22_anInterruptIsNotLost(int row, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 300));
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    world.reading(
        cursor -> new FaultyCursor(cursor).at(row, () -> Thread.currentThread().interrupt()));
    Throwable thrown = catchThrowable(() -> job.chunk(world.backend, 0, 0));
    assertThat(Thread.interrupted()).as("the interrupt flag after the chunk").isTrue();
    Failures.passing("a chunk that is interrupted", thrown);
    world.reading(cursor -> cursor);
    job.chunk(world.backend, 0, 0);
    Thread.currentThread().interrupt();
    Throwable merging = catchThrowable(() -> job.merge(world.backend, 0));
    assertThat(Thread.interrupted()).as("the interrupt flag after finalize").isTrue();
    Failures.passing("finalize that is interrupted", merging);
    job.merge(world.another(), 0);
    world.assertTarget(export.target(), export.rows(), "after interrupts");
    SampleRows after = world.rows(export.target(), Samples.SCHEMA);
    Thread.currentThread().interrupt();
    Throwable cleaning =
        catchThrowable(() -> job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED));
    assertThat(Thread.interrupted()).as("the interrupt flag after clean-up").isTrue();
    Failures.passing("clean-up that is interrupted", cleaning);
    job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertTarget(export.target(), after, "after an interrupted clean-up");
    world.assertClean("after an interrupted clean-up");
  }
}
