// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.TaskId;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a claim gives, and to whom. */
interface ClaimRules {

  @Test
  default void s14_noMoreThanTheLimitAndAsManyAsThereAre(StoreWorld world) {
    world.create(planned(3, 1));
    assertThat(world.store.claim(claim("w", 2))).hasSize(2);
    assertThat(world.store.claim(claim("w", 2))).hasSize(1);
    assertThat(world.store.claim(claim("w", 2))).isEmpty();
  }

  @Test
  default void s14_onlyTasksOfTheKindsAskedFor(StoreWorld world) {
    NewJob red = world.create(planned(request("red", 2).build(), 1, "r"));
    NewJob blue = world.create(planned(request("blue", 2).build(), 1, "b"));
    assertThat(claimed(world, Set.of("green"), 9)).isEmpty();
    assertThat(claimed(world, Set.of(), 9)).isEmpty();
    List<ClaimedTask> reds = claimed(world, Set.of("red", "green"), 9);
    assertThat(reds).hasSize(2).allMatch(task -> task.lease().task().job().equals(red.id()));
    assertThat(reds).allMatch(task -> task.kind().equals("red"));
    assertThat(claimed(world, Set.of("red", "blue"), 1)).hasSize(1);
    assertThat(claimed(world, Set.of("red", "blue"), 9))
        .hasSize(1)
        .allMatch(task -> task.lease().task().job().equals(blue.id()));
  }

  /** Also where some have run out, some are merges, and some are of another kind. */
  @Test
  default void s14_theLimitIsOverAllThatIsClaimed(StoreWorld world) {
    world.create(planned(2, 1));
    world.settleStages(2);
    world.create(planned(request("red", 3).build(), 1, "r"));
    claimed(world, Set.of("red"), 2);
    world.advance(StoreWorld.PAST_LEASE);
    Set<String> kinds = Set.of("red", SampleJobs.KIND);
    assertThat(claimed(world, kinds, 3)).hasSize(3);
    assertThat(claimed(world, kinds, 3)).hasSize(2);
    assertThat(claimed(world, kinds, 3)).isEmpty();
  }

  private static List<ClaimedTask> claimed(StoreWorld world, Set<String> kinds, int limit) {
    return world.store.claim(new ClaimRequest("w", kinds, limit, LEASE));
  }

  @Test
  default void s14_aClaimTellsAllOfTheTask(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask setup = world.one(job);
    assertThat(setup.lease())
        .isEqualTo(new Lease(new TaskId(job.id(), TaskType.SETUP, 0, 0), 1, "w"));
    assertThat(setup.kind()).isEqualTo(SampleJobs.KIND);
    assertThat(setup.failures()).isZero();
    assertThat(setup.lostLeases()).isZero();
    assertThat(setup.inDoubt()).isFalse();
    assertThat(setup.stop()).isEqualTo(StopCause.NONE);
    assertThat(setup.checkpoint()).isEmpty();
    assertThat(setup.slice()).isEmpty();
  }

  @Test
  default void s15_oneClaimOfManyBeginsTheJob(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    for (int round = 0; round < 8; round++) {
      NewJob job = world.create(planned(8, 1));
      assertThat(world.state(job)).isEqualTo(JobState.ACCEPTED);
      List<ClaimedTask> setups = new ArrayList<>();
      Race.of(8, number -> servers.get(number % 3).claim(claim("w" + number, 1)))
          .forEach(setups::addAll);
      setups.addAll(world.claimAll());
      assertThat(setups).hasSize(8);
      assertThat(setups.stream().filter(ClaimedTask::startsJob)).as("startsJob").hasSize(1);
      assertThat(world.state(job)).isEqualTo(JobState.IN_PROGRESS);
      assertThat(world.find(job).startedAt()).isPresent();
      world.cancel(job);
      setups.forEach(setup -> world.settle(setup, new TaskEvent.Stopped()));
      world.settleAll();
    }
  }

  @Test
  default void s15_onlyTheFirstClaimBeginsTheJob(StoreWorld world) {
    NewJob job = world.create(planned(2, 1));
    assertThat(world.one(job).startsJob()).isTrue();
    ExportJob begun = world.find(job);
    assertThat(begun.state()).isEqualTo(JobState.IN_PROGRESS);
    assertThat(world.one(job).startsJob()).isFalse();
    world.advance(StoreWorld.PAST_LEASE);
    assertThat(world.claimAll()).hasSize(2).noneMatch(ClaimedTask::startsJob);
  }

  /** Workers × threads at several servers, claiming one by one and by fours. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  default void s16_eachTaskIsDoneOnceByWhomever(int atOnce, StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    NewJob job = world.create(planned(2, 200));
    Set<Lease> seen = ConcurrentHashMap.newKeySet();
    Race.of(
        8,
        number -> {
          JobStore store = servers.get(number % 3);
          while (Race.goesOn() && !store.find(job.id()).orElseThrow().state().isFinal()) {
            for (ClaimedTask task : store.claim(claim("w" + number, atOnce))) {
              assertThat(seen.add(task.lease())).as("claimed twice: %s", task.lease()).isTrue();
              assertThat(store.settle(task.lease(), on(success(task)))).isTrue();
            }
          }
          return number;
        });

    ExportJob ended = world.find(job);
    assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ended.outputs()).allMatch(output -> output.chunksDone() == 200);
    assertThat(world.store.receipts(job.id(), 1))
        .hasSize(200)
        .extracting(AcceptedReceipt::attempt)
        .containsOnly(1);
    Set<TaskId> tasks = new HashSet<>(seen.stream().map(Lease::task).toList());
    assertThat(tasks).as("one lease for each task").hasSameSizeAs(seen);
    assertThat(tasks.stream().filter(task -> task.type() == TaskType.CHUNK)).hasSize(400);
  }

  @Test
  default void s16_whatIsHeldIsNotGivenToAnother(StoreWorld world) {
    world.create(planned(3, 1));
    List<JobStore> servers = world.servers(3);
    List<ClaimedTask> all = new ArrayList<>();
    Race.of(8, number -> servers.get(number % 3).claim(claim("w" + number, 2)))
        .forEach(all::addAll);
    assertThat(all.stream().map(task -> task.lease().task())).hasSize(3).doesNotHaveDuplicates();
    assertThat(world.claimAll()).isEmpty();
  }

  @Test
  default void s16_tokensGrowByOneWithEachClaim(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    for (int token = 1; token <= 6; token++) {
      ClaimedTask task = world.one(job);
      assertThat(task.lease().token()).isEqualTo(token);
      switch (token % 3) {
        case 0 -> world.settle(task, TaskEvent.Released.UNTOUCHED);
        case 1 -> world.settle(task, new TaskEvent.RetryLater(retryable("x"), Duration.ZERO));
        default -> world.advance(StoreWorld.PAST_LEASE);
      }
    }
  }

  @Test
  default void s29_aRetryIsNotDueBeforeItsDelayHasPassed(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask first = world.one(job);
    world.settle(first, new TaskEvent.RetryLater(retryable("x"), Duration.ofMinutes(1)));
    assertThat(world.claimAll()).isEmpty();
    world.advance(Duration.ofSeconds(50));
    assertThat(world.claimAll()).isEmpty();
    world.advance(Duration.ofSeconds(10));
    assertThat(world.one(job).lease().task()).isEqualTo(first.lease().task());
  }

  @Test
  default void s29_theNextLookAtAMergeWaits(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask merge = world.bringTo(TaskType.FINALIZE, job);
    world.settle(merge, new TaskEvent.MergeContinues("statement", Duration.ofHours(2)));
    world.advance(Duration.ofHours(2).minusSeconds(10));
    assertThat(world.claimAll()).isEmpty();
    world.advance(Duration.ofSeconds(10));
    assertThat(world.one(job).checkpoint()).contains("statement");
  }
}
