// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.cause;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.unplanned;
import static io.viewexport.testkit.store.StoreWorld.PAST_LEASE;
import static io.viewexport.testkit.store.StoreWorld.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.CancelContext.EndedView;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How jobs are brought to an end before they are complete. */
interface StopRules {
  /** No server has a backend of the job's kind. */
  Decision UNSERVED = on(new JobEvent.Unserved(cause(FailureKind.PERMANENT, "kind-not-served")));

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
  default void s08_nothingChangesAJobInAFinalState(JobState end, StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    switch (end) {
      case COMPLETED -> world.settleStages(3);
      case FAILED -> world.settle(world.one(job), new TaskEvent.GaveUp(retryable("refused")));
      default -> {
        world.cancel(job);
        world.settleAll();
      }
    }
    ExportJob ended = world.find(job);
    assertThat(ended.state()).isEqualTo(end);
    world.cancel(job);
    world.store.update(job.id(), UNSERVED);
    assertThat(world.find(job)).isEqualTo(ended);
    world.settleAll();
    world.cancel(job);
    world.store.update(job.id(), UNSERVED);
    assertThat(world.find(job).state()).isEqualTo(end);
    assertThat(world.find(job).endedAt()).isEqualTo(ended.endedAt());
    assertThat(world.find(job).failure()).isEqualTo(ended.failure());
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.DONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  default void s10_aCancelEndsAJobFromEveryStage(int stages, StoreWorld world) {
    NewJob job = world.create(unplanned(1));
    world.settleStages(stages);
    NewJob other = world.create(planned(1, 1));
    JobState before = world.state(job);
    world.cancel(job);
    world.cancel(job);
    world.runToEnd(job);
    assertThat(world.state(job))
        .isEqualTo(before == JobState.COMPLETED ? JobState.COMPLETED : JobState.CANCELLED);
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.DONE);
    assertThat(world.state(other)).as("another job").isEqualTo(JobState.COMPLETED);
  }

  @Test
  default void s10_aCancelledJobWaitsForRunningWorkAndMakesNoMore(StoreWorld world) {
    NewJob job = world.create(planned(1, 3));
    world.settleAll();
    ClaimedTask running = world.one(job);
    world.cancel(job);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELING);
    assertThat(world.claimAll()).isEmpty();
    assertThat(world.renew(running)).isEqualTo(LeaseStatus.JOB_ENDING);
    world.settle(running, new TaskEvent.Stopped());
    assertThat(world.state(job)).isEqualTo(JobState.CANCELING);
    ClaimedTask cleanup = world.one(job);
    assertThat(cleanup.lease().task().type()).isEqualTo(TaskType.CLEANUP);
    assertThat(cleanup.stop()).isEqualTo(StopCause.CANCEL);
    world.succeed(cleanup);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    EndedView ended = world.store.endedViews(job.id()).get(0);
    assertThat(ended.merge()).isEqualTo(MergeOutcome.NOT_MERGED);
    assertThat(ended.finalizeAttempts()).isZero();
    assertThat(ended.chunks())
        .extracting(attempts -> attempts.started())
        .containsExactlyInAnyOrder(0, 0, 1);
  }

  /** Its next attempt would be a day away; the cancel brings it on now, to find out the truth. */
  @Test
  default void s11_aMergeInDoubtIsDueAtOnceAfterACancel(StoreWorld world) {
    NewJob job = world.create(planned(2, 1));
    world.settleStages(2);
    List<ClaimedTask> merges = world.claimAll();
    ClaimedTask doubtful = merges.get(0);
    world.settle(
        doubtful,
        new TaskEvent.RetryLater(cause(FailureKind.OUTCOME_UNKNOWN, "lost"), Duration.ofDays(1)));
    world.settle(merges.get(1), new TaskEvent.RetryLater(retryable("busy"), Duration.ofDays(1)));
    assertThat(world.claimAll()).isEmpty();
    world.cancel(job);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELING);

    ClaimedTask again = world.one(job);
    assertThat(again.lease().task()).isEqualTo(doubtful.lease().task());
    assertThat(again.stop()).isEqualTo(StopCause.CANCEL);
    assertThat(again.inDoubt()).isTrue();
    assertThat(world.claimAll()).as("the one that had surely no effect").isEmpty();
    world.settle(again, new TaskEvent.MergeWithdrawn());
    assertThat(types(world.settleAll())).containsExactly(TaskType.CLEANUP);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
  }

  /** The same where another view's failure ends the job. */
  @Test
  default void s11_aMergeInDoubtIsDueAtOnceAfterAFailure(StoreWorld world) {
    NewJob job = world.create(planned(2, 1));
    world.settleStages(2);
    List<ClaimedTask> merges = world.claimAll();
    world.settle(merges.get(0), new TaskEvent.MergeContinues("statement", Duration.ofDays(1)));
    world.settle(merges.get(1), new TaskEvent.GaveUp(cause(FailureKind.PERMANENT, "refused")));
    ClaimedTask again = world.one(job);
    assertThat(again.lease().task()).isEqualTo(merges.get(0).lease().task());
    assertThat(again.stop()).isEqualTo(StopCause.FAILURE);
    assertThat(again.checkpoint()).contains("statement");
    world.succeed(again);
    assertThat(world.state(job)).isEqualTo(JobState.FAILED);
    assertThat(world.find(job).outputs())
        .extracting(output -> output.outcome())
        .containsExactlyInAnyOrder(MergeOutcome.MERGED, MergeOutcome.NOT_MERGED);
  }

  @Test
  default void s12_whatNobodyHoldsEndsWithAJobThatNobodyServes(StoreWorld world) {
    NewJob job = world.create(planned(1, 3));
    world.settleAll();
    ClaimedTask silent = world.one(job);
    world.advance(PAST_LEASE.minusSeconds(10));
    ClaimedTask running = world.one(job);
    world.advance(Duration.ofSeconds(11));

    assertThat(world.store.update(job.id(), UNSERVED)).isTrue();
    assertThat(world.renew(silent)).as("a lease that had run out").isEqualTo(LeaseStatus.LOST);
    assertThat(world.succeed(silent)).as("a lease that had run out").isFalse();
    assertThat(world.state(job)).as("no merge is left").isEqualTo(JobState.FAILED);
    assertThat(world.renew(running)).isEqualTo(LeaseStatus.JOB_ENDING);
    world.settle(running, new TaskEvent.Stopped());
    ExportJob ended = world.find(job);
    assertThat(ended.state()).isEqualTo(JobState.FAILED);
    assertThat(ended.failure().orElseThrow().last().code()).isEqualTo("kind-not-served");
    assertThat(ended.failure().orElseThrow().task()).isEqualTo("waiting for a server");
    assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.NOT_MERGED);
    assertThat(ended.outputs().get(0).rowCount()).isZero();
    assertThat(types(world.settleAll())).containsExactly(TaskType.CLEANUP);
  }

  @Test
  default void s12_aMergeThatMayHaveBegunStaysUnknown(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask merge = world.bringTo(TaskType.FINALIZE, job);
    world.advance(PAST_LEASE);
    world.store.update(job.id(), UNSERVED);
    assertThat(world.succeed(merge)).isFalse();
    assertThat(world.state(job)).isEqualTo(JobState.FAILED);
    assertThat(world.find(job).outputs().get(0).outcome()).isEqualTo(MergeOutcome.UNKNOWN);
    assertThat(world.store.endedViews(job.id()).get(0).merge()).isEqualTo(MergeOutcome.UNKNOWN);
  }

  @Test
  default void s12_aJobThatIsBeingCancelledIsCancelledWithoutItsCleanUp(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.cancel(job);
    world.store.update(job.id(), UNSERVED);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.OPEN);
    assertThat(types(world.settleAll())).containsExactly(TaskType.CLEANUP);
    assertThat(world.find(job).cleanup()).isEqualTo(CleanupState.DONE);
  }

  /** From each stage on, through the end to the clean-up; a cancel that comes after it is none. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  default void s47_aJobRemembersThatItWasCancelled(int stages, StoreWorld world) {
    NewJob job = world.create(unplanned(1));
    NewJob other = world.create(unplanned(1));
    world.settleStages(stages);
    boolean ended = world.state(job).isFinal();
    assertCancelRequested(world, job, false);
    world.cancel(job);
    assertCancelRequested(world, job, !ended);
    assertCancelRequested(world, other, false);
    world.runToEnd(job);
    world.settleAll();
    assertCancelRequested(world, job, !ended);
    assertCancelRequested(world, other, false);
  }

  @Test
  default void s47_aCancelThatComesTooLateIsRememberedToo(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask merge = world.bringTo(TaskType.FINALIZE, job);
    world.cancel(job);
    world.succeed(merge);
    assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
    assertCancelRequested(world, job, true);
    world.settleAll();
    NewJob failed = world.create(planned(1, 1));
    world.settle(world.one(failed), new TaskEvent.GaveUp(retryable("refused")));
    assertCancelRequested(world, failed, false);
  }

  private static void assertCancelRequested(StoreWorld world, NewJob job, boolean expected) {
    assertThat(world.find(job).cancelRequested()).as("found").isEqualTo(expected);
    assertThat(world.store.list(JobFilter.builder().limit(10).build()))
        .filteredOn(listed -> listed.id().equals(job.id()))
        .extracting(ExportJob::cancelRequested)
        .as("listed")
        .containsExactly(expected);
  }

  @Test
  default void s13_theFirstAndTheLastCauseAreKept(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    for (String code : List.of("first", "second")) {
      world.settle(world.one(job), new TaskEvent.RetryLater(retryable(code), Duration.ZERO));
    }
    ClaimedTask last = world.one(job);
    assertThat(last.failures()).isEqualTo(2);
    world.settle(last, new TaskEvent.GaveUp(cause(FailureKind.PERMANENT, "last")));
    ExportJob failed = world.find(job);
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.failure())
        .contains(
            new ExportFailure(
                "setup of view0", 3, retryable("first"), cause(FailureKind.PERMANENT, "last")));
    assertThat(failed.outputs().get(0).outcome()).isEqualTo(MergeOutcome.NOT_MERGED);
  }

  @Test
  default void s13_theFailureThatEndedAJobStaysItsOwn(StoreWorld world) {
    NewJob job = world.create(planned(1, 2));
    world.settleAll();
    List<ClaimedTask> chunks = world.claimAll();
    world.settle(chunks.get(0), new TaskEvent.GaveUp(retryable("culprit")));
    world.settle(chunks.get(1), new TaskEvent.GaveUp(retryable("later")));
    ExportFailure failure = world.find(job).failure().orElseThrow();
    assertThat(failure.last().code()).isEqualTo("culprit");
    assertThat(failure.task())
        .isEqualTo("chunk " + chunks.get(0).lease().task().chunk() + " of view0");
  }

  @ParameterizedTest
  @EnumSource(FailureKind.class)
  default void s13_theCauseOfAFailedCleanUpIsKeptAndChangesNoOutcome(
      FailureKind kind, StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask cleanup = world.bringTo(TaskType.CLEANUP, job);
    world.settle(cleanup, new TaskEvent.GaveUp(cause(kind, "no-way")));
    ExportJob ended = world.find(job);
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.cleanup()).isEqualTo(CleanupState.FAILED);
    assertThat(ended.cleanupFailure().orElseThrow().code()).isEqualTo("no-way");
    assertThat(ended.failure()).isEmpty();
  }
}
