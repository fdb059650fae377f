// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.internal.Race;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What withdrawing a merge does. */
interface WithdrawRules {

  @Test
  default void b11_aMergeThatWasNotBegunIsWithdrawnForGood(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 4)).cut(2);
    ManualJob job = world.job(export).stage(world.backend);
    for (ExportBackend server : new ExportBackend[] {world.backend, world.another()}) {
      assertThat(job.withdraw(server, 0))
          .as("the answer to WITHDRAW where nothing was begun")
          .isEqualTo(new FinalizeStep.Withdrawn());
      world.assertEmpty(export.target(), "after withdrawing");
    }
    job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    world.assertEmpty(export.target(), "after clean-up");
    world.assertClean("after withdrawing and clean-up");
  }

  @Test
  default void b11_aMergeThatIsDoneIsNotSaidToBeWithdrawn(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 4)).cut(2);
    ManualJob job = world.job(export).stage(world.backend);
    FinalizeStep.Done done = (FinalizeStep.Done) job.merge(world.backend, 0);
    for (ExportBackend server : new ExportBackend[] {world.backend, world.another()}) {
      FinalizeStep answer = job.withdraw(server, 0);
      assertThat(answer)
          .as("the answer to WITHDRAW where the merge was done")
          .isInstanceOf(FinalizeStep.Done.class);
      assertThat(((FinalizeStep.Done) answer).location()).isEqualTo(done.location());
      world.assertTarget(export.target(), export.rows(), "after withdrawing what is merged");
    }
  }

  private static FinalizeStep again(ManualJob job, ExportBackend server) {
    job.contexts().restart();
    return job.withdraw(server, 0);
  }

  /**
   * One server is frozen at each step of its merge; its lease ends, another one withdraws, and then
   * it goes on: when it asks next, it is told.
   */
  @Test
  default void b11_aFrozenMergeTakesNoEffectOnceWithdrawn(BackendWorld world) {
    ExportBackend other = world.another();
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 4)).cut(2);
          ManualJob job = world.job(export).stage(world.backend);
          Meanwhile<FinalizeStep> withdrawal = new Meanwhile<>(() -> job.withdraw(other, 0));
          AtUse pause =
              new AtUse(
                  use,
                  () -> {
                    withdrawal.run();
                    job.contexts().stop().stop(StopReason.LEASE_LOST);
                  });
          job.contexts().onUse(pause);
          Throwable thrown = catchThrowable(() -> job.merge(world.backend, 0));
          boolean struck = pause.end();
          if (struck) {
            FinalizeStep answer =
                withdrawal.thrown() == null ? withdrawal.result() : again(job, other);
            assertTruth(world, export, answer, thrown, use);
          }
          return pause;
        });
  }

  private static void assertTruth(
      BackendWorld world,
      SampleExport export,
      FinalizeStep answer,
      @Nullable Throwable merge,
      int use) {
    String when =
        "where a merge frozen at step " + use + " went on after WITHDRAW was answered " + answer;
    if (answer instanceof FinalizeStep.Done) {
      world.assertTarget(export.target(), export.rows(), when);
    } else {
      world.assertEmpty(export.target(), when);
      assertThat(merge).as("what the merge throws, %s", when).isNotNull();
    }
  }

  /** The lease of a merge is lost, and its successor withdraws at once, wherever the merge is. */
  @Test
  default void b11_aMergeAndItsWithdrawalAtOnceAgree(BackendWorld world) {
    ExportBackend other = world.another();
    for (int round = 0; round < 5; round++) {
      SampleExport export = world.export(Samples.keys(0, 4)).cut(2);
      ManualJob job = world.job(export).stage(world.backend);
      FinalizeContext merging = job.contexts().finalizing(0, Intent.MERGE, job.receipts(0));
      List<Boolean> withdrawn =
          Race.of(
              2,
              number -> {
                try {
                  return number == 0
                      ? world.backend.finalizeExport(merging) instanceof FinalizeStep.Withdrawn
                      : isWithdrawn(job, other);
                } catch (ExportException | ExportStoppedException lost) {
                  return false;
                }
              });
      FinalizeStep settled = job.withdraw(other, 0);
      boolean merged = settled instanceof FinalizeStep.Done;
      String when = "after a merge and its withdrawal at once, then " + settled;
      assertThat(merged && withdrawn.get(1))
          .as("whether a merge was first said to be withdrawn, %s", when)
          .isFalse();
      world.assertTarget(export.target(), merged ? export.rows() : Samples.none(), when);
    }
  }

  private static boolean isWithdrawn(ManualJob job, ExportBackend server) {
    job.contexts().stop().stop(StopReason.LEASE_LOST);
    job.contexts().restart();
    return job.withdraw(server, 0) instanceof FinalizeStep.Withdrawn;
  }

  @Test
  default void b11_withdrawingTouchesNoOtherJob(BackendWorld world) {
    if (world.fixture.existingTarget() == ExistingTarget.REFUSED) {
      world.noteRefused();
      return;
    }
    SampleExport first = world.export(Samples.keys(0, 4));
    SampleExport second = SampleExport.of(first.target(), Samples.keys(0, 9));
    ManualJob withdrawn = world.job("job-1", first).stage(world.backend);
    ManualJob other = world.job("job-11", second).stage(world.backend);
    withdrawn.withdraw(world.backend, 0);
    withdrawn.cleanUp(world.another(), JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    other.merge(world.backend, 0);
    world.assertTarget(first.target(), second.rows(), "another job's rows after a withdrawal");
  }
}
