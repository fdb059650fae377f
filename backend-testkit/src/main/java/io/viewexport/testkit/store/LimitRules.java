// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.success;
import static io.viewexport.testkit.store.StoreWorld.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.NewJob;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Who must wait for whom: targets, jobs, the cluster and principals. */
interface LimitRules {

  @Test
  default void s25_oneMergeOfATargetIsUnderWayAtATime(StoreWorld world) {
    world.create(planned(request(1).build(), 1, "same"));
    world.create(planned(request(1).build(), 1, "same"));
    world.create(planned(request(1).build(), 1, "other"));
    world.settleStages(2);
    List<ClaimedTask> merges = world.claimAll();
    assertThat(types(merges)).containsExactly(TaskType.FINALIZE, TaskType.FINALIZE);
    NewJob late = world.create(planned(request(1).build(), 1, "same"));
    world.settleStages(1);
    world.settleStages(1);
    assertThat(world.claimAll()).as("the target is taken").isEmpty();

    merges.forEach(
        merge ->
            world.settle(merge, new TaskEvent.MergeContinues("statement", Duration.ofSeconds(9))));
    assertThat(world.claimAll()).as("begun, waiting for its end").isEmpty();
    world.advance(Duration.ofSeconds(10));
    List<ClaimedTask> again = world.claimAll();
    assertThat(again.stream().map(task -> task.lease().task()))
        .containsExactlyInAnyOrderElementsOf(
            merges.stream().map(task -> task.lease().task()).toList());
    world.advance(StoreWorld.PAST_LEASE);
    again = world.claimAll();
    assertThat(again).as("taken over after a lost lease").hasSize(2);
    again.forEach(world::succeed);
    assertThat(types(world.settleAll())).containsOnlyOnce(TaskType.FINALIZE);
    world.runToEnd(late);
    assertThat(world.state(late)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  default void s25_twoViewsOfOneTargetAreMergedOneAfterTheOther(StoreWorld world) {
    NewJob job =
        new NewJob(
            JobId.random(), request(2).build(), Optional.of(SampleJobs.sameTarget(2)), false);
    world.create(job);
    world.settleStages(2);
    assertThat(types(world.settleAll())).containsExactly(TaskType.FINALIZE);
    assertThat(types(world.settleAll())).containsExactly(TaskType.FINALIZE);
    assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  default void s25_twoMergesOfOneTargetNeverBeginAtTheSameTime(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    for (int round = 0; round < 6; round++) {
      String target = "target" + round + "-";
      for (int jobs = 0; jobs < 8; jobs++) {
        world.create(planned(request(1).build(), 1, target));
      }
      world.settleStages(2);
      for (int jobs = 0; jobs < 8; jobs++) {
        List<ClaimedTask> begun = new ArrayList<>();
        Race.of(4, number -> servers.get(number % 3).claim(claim("w" + number, 2)))
            .forEach(begun::addAll);
        assertThat(types(begun).stream().filter(type -> type == TaskType.FINALIZE))
            .as("merges of one target at once")
            .hasSizeLessThanOrEqualTo(1);
        begun.addAll(world.claimAll());
        assertThat(types(begun)).containsOnlyOnce(TaskType.FINALIZE);
        begun.forEach(world::succeed);
      }
      world.settleAll();
    }
  }

  /**
   * The first, the third and the tenth: two jobs have due tasks, so each second claim is its.
   * Merges are left out: stores may look for them from time to time only.
   */
  @Test
  default void s26_aSmallJobHasItsTurnBesideALargeOne(StoreWorld world) {
    NewJob large = world.create(planned(1, 1000));
    world.settleAll();
    world.store.claim(claim("w", 5)).forEach(world::succeed);
    world.advance(Duration.ofSeconds(1));
    for (int small = 1; small <= 10; small++) {
      NewJob job = world.create(planned(1, 1));
      int claims = 0;
      while (world.find(job).cleanup() != CleanupState.DONE) {
        claims++;
        assertThat(claims).as("claims for three tasks of small job %s", small).isLessThan(7);
        world.advance(Duration.ofMillis(10));
        world.store.claim(claim("w", 1)).forEach(world::succeed);
        if (world.find(job).outputs().get(0).chunksDone() == 1) {
          world.cancel(job);
        }
      }
    }
    assertThat(world.state(large)).isEqualTo(JobState.IN_PROGRESS);
  }

  @Test
  default void s26_aLargeJobGoesOnWhileSmallOnesKeepComing(StoreWorld world) {
    NewJob large = world.create(planned(1, 30));
    int claims = 0;
    while (!world.state(large).isFinal()) {
      world.create(planned(1, 1));
      for (int i = 0; i < 4; i++) {
        world.advance(Duration.ofMillis(10));
        world.store.claim(claim("w", 1)).forEach(world::succeed);
      }
      claims += 4;
      assertThat(claims).as("claims until the large job is over").isLessThanOrEqualTo(1000);
    }
    assertThat(world.state(large)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  default void s27_theClustersLimitIsKeptAndUsed(StoreWorld world) {
    world.create(planned(9, 1));
    assertThat(world.store.claim(upTo(4, "v", 3))).hasSize(3);
    assertThat(world.store.claim(upTo(4, "w", 3))).hasSize(1);
    assertThat(world.store.claim(upTo(4, "w", 3))).isEmpty();
    world.advance(StoreWorld.PAST_LEASE);
    List<ClaimedTask> taken = world.store.claim(upTo(4, "w", 9));
    assertThat(taken).as("taken over in their own place").hasSize(4);
    assertThat(taken).allMatch(task -> task.lostLeases() == 1);
    world.succeed(taken.get(0));
    assertThat(world.store.claim(upTo(4, "w", 9))).hasSize(1);
    assertThat(world.store.claim(upTo(0, "w", 9))).isEmpty();
  }

  @Test
  default void s27_theClustersLimitIsKeptByManyAtOnce(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    int limit = 5;
    NewJob job = world.create(planned(2, 100));
    AtomicInteger held = new AtomicInteger();
    Race.of(
        8,
        number -> {
          JobStore store = servers.get(number % 3);
          while (Race.goesOn() && !store.find(job.id()).orElseThrow().state().isFinal()) {
            List<ClaimedTask> tasks = store.claim(upTo(limit, "w" + number, 1 + number % 3));
            int now = held.addAndGet(tasks.size());
            assertThat(now).as("tasks held at once").isLessThanOrEqualTo(limit);
            for (ClaimedTask task : tasks) {
              // Counted down first: at the moment of the next claim no more are held than counted.
              held.decrementAndGet();
              assertThat(store.settle(task.lease(), on(success(task)))).isTrue();
            }
          }
          return number;
        });
    assertThat(world.state(job)).isEqualTo(JobState.COMPLETED);
  }

  private static ClaimRequest upTo(int clusterLimit, String worker, int limit) {
    return new ClaimRequest(
        worker, Set.of(SampleJobs.KIND), limit, LEASE, OptionalInt.of(clusterLimit));
  }

  @Test
  default void s28_aJobThatIsHeldBackBeginsByAdmitAlone(StoreWorld world) {
    NewJob first = world.create(heldBack("ann"));
    NewJob second = world.create(heldBack("ann"));
    NewJob others = world.create(heldBack("bob"));
    NewJob nobodys = world.create(new NewJob(JobId.random(), request(1).build(), plan(), true));
    assertThat(world.claimAll()).isEmpty();
    assertThat(world.state(first)).isEqualTo(JobState.ACCEPTED);

    assertThat(world.store.admit(OptionalInt.of(1))).isEqualTo(3);
    assertThat(world.store.admit(OptionalInt.of(1))).isZero();
    List<ClaimedTask> setups = world.claimAll();
    assertThat(setups.stream().map(task -> task.lease().task().job()))
        .containsExactlyInAnyOrder(first.id(), others.id(), nobodys.id());
    setups.forEach(world::succeed);
    world.settleStages(2);
    assertThat(world.state(first)).isEqualTo(JobState.COMPLETED);
    assertThat(world.store.admit(OptionalInt.of(1))).isEqualTo(1);
    world.runToEnd(second);
    assertThat(world.state(second)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  default void s28_withoutALimitAllMayBegin(StoreWorld world) {
    world.create(heldBack("ann"));
    world.create(heldBack("ann"));
    assertThat(world.store.admit(OptionalInt.of(0))).isZero();
    assertThat(world.store.admit(OptionalInt.empty())).isEqualTo(2);
    assertThat(world.claimAll()).hasSize(2);
  }

  @Test
  default void s28_aJobThatIsCancelledWhileHeldBackEnds(StoreWorld world) {
    NewJob job = world.create(heldBack("ann"));
    world.cancel(job);
    assertThat(world.store.admit(OptionalInt.of(1))).isZero();
    world.runToEnd(job);
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    world.create(heldBack("ann"));
    assertThat(world.store.admit(OptionalInt.of(1))).isEqualTo(1);
  }

  /** Never more than the limit, and nobody waits for ever: all jobs come to their end. */
  @Test
  default void s28_theLimitPerPrincipalIsKeptByManyAtOnce(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    List<NewJob> jobs = new ArrayList<>();
    for (int number = 0; number < 24; number++) {
      jobs.add(heldBack("p" + number % 2));
    }
    AtomicInteger next = new AtomicInteger();
    AtomicIntegerArray running = new AtomicIntegerArray(2);
    Race.of(
        8,
        number -> {
          JobStore store = servers.get(number % 3);
          while (Race.goesOn() && jobs.stream().anyMatch(job -> !isOver(store, job))) {
            int mine = next.getAndIncrement();
            if (mine < jobs.size()) {
              store.create(jobs.get(mine));
            }
            store.admit(OptionalInt.of(2));
            for (ClaimedTask task : store.claim(claim("w" + number, 2))) {
              note(task, jobs, running);
              assertThat(store.settle(task.lease(), on(success(task)))).isTrue();
            }
          }
          return number;
        });
    jobs.forEach(job -> assertThat(world.state(job)).isEqualTo(JobState.COMPLETED));
  }

  /** Counted up after a job's first claim and down before its end: never more than there are. */
  private static void note(ClaimedTask task, List<NewJob> jobs, AtomicIntegerArray running) {
    int principal = 0;
    for (int number = 0; number < jobs.size(); number++) {
      principal = jobs.get(number).id().equals(task.lease().task().job()) ? number % 2 : principal;
    }
    if (task.lease().task().type() == TaskType.SETUP) {
      assertThat(running.incrementAndGet(principal))
          .as("jobs of one principal that run at once")
          .isLessThanOrEqualTo(2);
    } else if (task.lease().task().type() == TaskType.FINALIZE) {
      running.decrementAndGet(principal);
    }
  }

  private static boolean isOver(JobStore store, NewJob job) {
    return store.find(job.id()).filter(found -> found.state().isFinal()).isPresent();
  }

  private static Optional<PlannedExport> plan() {
    return planned(1, 1).plan();
  }

  private static NewJob heldBack(String principal) {
    return new NewJob(JobId.random(), request(1).principal(principal).build(), plan(), true);
  }
}
