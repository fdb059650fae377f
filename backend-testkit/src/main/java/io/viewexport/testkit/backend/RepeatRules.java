// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static io.viewexport.testkit.SampleRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.PodCrash;
import io.viewexport.testkit.SampleRows;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when a call is made again. */
interface RepeatRules {

  @ParameterizedTest
  @EnumSource
  default void b08_finalizeDoneAgainChangesNothing(MergeMode mode, BackendWorld world) {
    if (!world.modes().contains(mode)) {
      world.noteRefused();
      return;
    }
    SampleExport export = world.export(Samples.keys(0, 6)).cut(2).mode(mode);
    ManualJob job = world.job(export).stage(world.backend);
    FinalizeStep.Done first = done(job.merge(world.backend, 0));
    for (ExportBackend server : new ExportBackend[] {world.backend, world.another()}) {
      assertSameAnswer(first, done(job.merge(server, 0)));
      world.assertTarget(export.target(), export.rows(), "after finalize was done again");
    }
  }

  /** The server dies between two views of a job; another one begins again with the first. */
  @ParameterizedTest
  @EnumSource(names = {"INSERT", "UPSERT", "REPLACE"})
  default void b08_eachViewOfAJobIsRepeatedForItself(MergeMode mode, BackendWorld world) {
    if (!world.modes().contains(mode)
        || !world.backend.capabilities().contains(Capability.SEVERAL_VIEWS)
        || world.fixture.existingTarget() == ExistingTarget.REFUSED) {
      world.noteRefused();
      return;
    }
    SampleExport first = world.export(Samples.keys(0, 4)).cut(2).mode(mode);
    SampleExport second = world.export(Samples.keys(2, 9)).mode(mode);
    SampleExport third = world.export(Samples.keys(10, 12)).mode(mode);
    ManualJob job = world.job(first, second, third).stage(world.backend);
    FinalizeStep.Done answer = done(job.merge(world.backend, 0));
    job.merge(world.backend, 1);
    world.run(SampleExport.of(first.target(), Samples.keys(0, 2, "later", Samples.NEW)).mode(mode));
    SampleRows then = world.rows(first.target(), Samples.SCHEMA);
    ExportBackend other = world.another();
    assertSameAnswer(answer, done(job.merge(other, 0)));
    job.merge(other, 1);
    job.merge(other, 2);
    assertSameAnswer(answer, done(job.merge(other, 0)));
    job.cleanUp(other, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertTarget(first.target(), then, "after the first of several views came again");
    world.assertTarget(second.target(), second.rows(), "after the second view came again");
    world.assertTarget(third.target(), third.rows(), "after the third view, which came once");
    world.assertClean("after a job of three views");
  }

  /** What a later job did to the same rows is not undone by a repeat of the earlier one. */
  @ParameterizedTest
  @EnumSource
  default void b08_aLateRepeatUndoesNoLaterExport(MergeMode mode, BackendWorld world) {
    if (!world.modes().contains(mode) || world.fixture.existingTarget() == ExistingTarget.REFUSED) {
      world.noteRefused();
      return;
    }
    SampleExport export = world.export(Samples.keys(0, 4)).mode(mode);
    ManualJob early = world.job(export).stage(world.backend);
    FinalizeStep.Done first = done(early.merge(world.backend, 0));
    SampleRows newer = Samples.keys(2, 6, "later", Samples.OLD);
    SampleRows moved = mode == MergeMode.HISTORY ? Samples.keys(2, 6, "v", Samples.NEW) : newer;
    world.run(SampleExport.of(export.target(), moved).mode(mode));
    SampleRows then = world.rows(export.target(), Samples.SCHEMA);
    assertSameAnswer(first, done(early.merge(world.another(), 0)));
    world.assertTarget(export.target(), then, "after an earlier job's finalize came again");
  }

  private static FinalizeStep.Done done(FinalizeStep step) {
    assertThat(step).as("the answer of finalize").isInstanceOf(FinalizeStep.Done.class);
    return (FinalizeStep.Done) step;
  }

  private static void assertSameAnswer(FinalizeStep.Done first, FinalizeStep.Done again) {
    assertThat(again.location()).as("location after a repeat").isEqualTo(first.location());
    if (again.counts().inserted().isPresent()) {
      assertThat(again.counts()).as("counts after a repeat").isEqualTo(first.counts());
    }
  }

  /** The server dies at each step of finalize; another one goes on. */
  @Test
  default void b08_afterACrashInFinalizeAnotherServerFinishes(BackendWorld world) {
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 6)).cut(2);
          ManualJob job = world.job(export).stage(world.backend);
          AtUse crash = new AtUse(use, RepeatRules::crash);
          job.contexts().onUse(crash);
          Throwable thrown = catchThrowable(() -> job.merge(world.backend, 0));
          boolean struck = crash.end();
          String when = "after a crash at step " + use + " of finalize";
          assertThat(done(job.merge(world.another(), 0)).location()).as(when).isNotEmpty();
          world.assertTarget(export.target(), export.rows(), when);
          job.cleanUp(world.another(), JobState.COMPLETED, MergeOutcome.MERGED);
          world.assertTarget(export.target(), export.rows(), when + " and clean-up");
          world.assertClean(when + " and clean-up");
          if (struck) {
            assertThat(thrown).as("what a crash looks like to its caller").isNotNull();
          }
          return crash;
        });
  }

  private static void crash() {
    throw new PodCrash();
  }

  /** Another server merges while the first one stands still at each step of its own merge. */
  @Test
  default void b08_twoServersFinalizeAtOnce(BackendWorld world) {
    ExportBackend other = world.another();
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 6)).cut(2);
          ManualJob job = world.job(export).stage(world.backend);
          Meanwhile<FinalizeStep> second = new Meanwhile<>(() -> job.merge(other, 0));
          AtUse pause = new AtUse(use, second);
          job.contexts().onUse(pause);
          Throwable first = catchThrowable(() -> job.merge(world.backend, 0));
          boolean struck = pause.end();
          String when = "two at once, the second at step " + use + " of the first";
          if (struck) {
            Failures.passing(when, first);
            Failures.passing(when, second.thrown());
          }
          job.merge(world.backend, 0);
          world.assertTarget(export.target(), export.rows(), when);
          return pause;
        });
  }

  /**
   * Each call is made by a server that was not there before, and each answer but the last is lost.
   */
  @Test
  default void b26_everyCallIsMadeByAnotherServer(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 20)).cut(3);
    ManualJob job = world.job(export);
    onNewServer(world, job::plan);
    for (int again = 0; again < 2; again++) {
      onNewServer(world, server -> job.setup(server, 0));
    }
    for (int chunk = 0; chunk < 3; chunk++) {
      int number = chunk;
      onNewServer(world, server -> job.chunk(server, 0, number));
    }
    FinalizeStep[] step = {new FinalizeStep.Again("", Duration.ZERO)};
    for (int calls = 0; step[0] instanceof FinalizeStep.Again && calls < 10_000; calls++) {
      onNewServer(world, server -> job.finalizeOnce(server, 0, Intent.MERGE));
      onNewServer(world, server -> step[0] = job.finalizeStep(server, 0, Intent.MERGE));
    }
    done(step[0]);
    world.assertTarget(export.target(), export.rows(), "with a new server for every call");
    onNewServer(world, server -> job.cleanUp(server, JobState.COMPLETED, MergeOutcome.MERGED));
    world.assertClean("with a new server for every call");
  }

  /** A call. */
  interface Call {
    void of(ExportBackend server);
  }

  private static void onNewServer(BackendWorld world, Call call) {
    try (ExportBackend server = world.fixture.openBackend()) {
      call.of(server);
    }
  }

  /** In the test all servers are in one JVM; what chunks left in static fields is taken away. */
  @Test
  default void b26_nothingIsHandedOnInStaticFields(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 20)).cut(3);
    ManualJob job = world.job(export);
    Statics statics = Statics.of(world.backend);
    job.stage(world.backend);
    statics.forget();
    done(job.merge(world.another(), 0));
    world.assertTarget(
        export.target(), export.rows(), "without what chunks had left in static fields");
  }

  @Test
  default void b10_whatACrashedMergeDidIsFoundOut(BackendWorld world) {
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 4));
          ManualJob job = world.job(export).stage(world.backend);
          AtUse crash = new AtUse(use, RepeatRules::crash);
          job.contexts().onUse(crash);
          Failures.whatever(() -> job.merge(world.backend, 0));
          crash.end();
          String when = "after a crash at step " + use + " of finalize";
          FinalizeStep answer = job.withdraw(world.another(), 0);
          SampleRows expected =
              answer instanceof FinalizeStep.Done ? export.rows() : Samples.none();
          world.assertTarget(
              export.target(), expected, when + ", where withdrawing says " + answer);
          return crash;
        });
  }

  @Test
  default void b25_setupDoneAgainChangesNothing(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 6)).cut(2);
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    job.setup(world.backend, 0);
    job.chunk(world.backend, 0, 0);
    job.setup(world.another(), 0);
    job.chunk(world.backend, 0, 1);
    job.setup(world.another(), 0);
    world.assertEmpty(export.target(), "before finalize");
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after setup came late and often");
  }

  @Test
  default void b25_setupChangesNoRowOfATargetThatIsThere(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 6));
    world.run(export);
    ManualJob second =
        world.job(SampleExport.of(export.target(), Samples.rows(row("k1", "x", Samples.NEW))));
    Failures.whatever(
        () -> {
          second.plan(world.backend);
          second.setup(world.backend, 0);
          second.chunk(world.backend, 0, 0);
        });
    world.assertTarget(export.target(), export.rows(), "before the second job's finalize");
    second.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    world.assertTarget(export.target(), export.rows(), "after the second job's clean-up");
  }
}
