// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.success;
import static io.viewexport.testkit.store.SampleJobs.unplanned;
import static io.viewexport.testkit.store.StoreWorld.CANCEL;
import static io.viewexport.testkit.store.StoreWorld.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.TaskId;
import io.viewexport.testkit.internal.Race;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How jobs come into the store, and are known by every server. */
interface JobRules {

  @Test
  default void s01_aJobIsSeenWithAllItsTasksOrNotAtAll(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    List<NewJob> jobs = List.of(planned(2, 150), planned(2, 150), planned(2, 150));
    AtomicBoolean created = new AtomicBoolean();
    Race.of(
        3,
        number -> {
          if (number == 0) {
            jobs.forEach(world.store::create);
            created.set(true);
          }
          JobStore other = servers.get(number);
          boolean last = false;
          while (!last && Race.goesOn()) {
            last = created.get();
            for (NewJob job : jobs) {
              other.find(job.id()).ifPresent(JobRules::requireWhole);
            }
          }
          return number;
        });
    jobs.forEach(job -> requireWhole(world.find(job)));
  }

  private static void requireWhole(ExportJob job) {
    assertThat(job.outputs()).hasSize(2).allMatch(output -> output.chunkCount() == 150);
  }

  @Test
  default void s01_aRepeatedCreateStoresNothing(StoreWorld world) {
    NewJob job = planned(1, 2);
    List<JobStore> servers = world.servers(3);
    List<JobId> ids = Race.of(6, number -> servers.get(number % 3).create(job));
    assertThat(ids).containsOnly(job.id());
    assertThat(world.store.list(JobFilter.NEWEST)).hasSize(1);
    assertThat(types(world.claimAll())).containsExactly(TaskType.SETUP);
    assertThat(world.store.create(job)).isEqualTo(job.id());
    assertThat(world.find(job).outputs().get(0).chunkCount()).isEqualTo(2);
  }

  @Test
  default void s03_theSameKeyOfTheSamePrincipalGivesTheUnfinishedJob(StoreWorld world) {
    NewJob first = world.create(keyed(Optional.of("ann")));
    assertThat(world.store.create(keyed(Optional.of("ann")))).isEqualTo(first.id());
    world.create(keyed(Optional.of("bob")));
    NewJob nobodys = world.create(keyed(Optional.empty()));
    assertThat(world.store.create(keyed(Optional.empty()))).isEqualTo(nobodys.id());
    world.create(keyed(Optional.of("")));

    for (int rounds = 0; rounds < 5; rounds++) {
      world.settleAll();
    }
    assertThat(world.state(first)).isEqualTo(JobState.COMPLETED);
    world.create(keyed(Optional.of("ann")));
  }

  @Test
  default void s03_manyThatAskAtOnceGetOneJobEach(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    for (int round = 0; round < 10; round++) {
      String key = "key" + round;
      List<JobId> ids =
          Race.of(
              8,
              number ->
                  servers
                      .get(number % 3)
                      .create(
                          planned(
                              request(1).idempotencyKey(key).principal("p" + number % 2).build(),
                              3,
                              key)));
      assertThat(new HashSet<>(ids)).as("jobs of two principals with one key").hasSize(2);
      assertThat(ids.get(0)).isEqualTo(ids.get(2)).isNotEqualTo(ids.get(1));
    }
    assertThat(world.store.list(JobFilter.NEWEST)).hasSize(20);
  }

  /** A store that can't say gives none; one that says, says the truth. */
  @Test
  default void s03_theUnfinishedJobOfAKeyIsFoundIfAny(StoreWorld world) {
    NewJob job = world.create(keyed(Optional.empty()));
    NewJob owned = world.create(keyed(Optional.of("p")));
    if (world.store.findUnfinished(Optional.empty(), "key").isPresent()) {
      assertThat(world.store.findUnfinished(Optional.empty(), "key")).contains(job.id());
      assertThat(world.store.findUnfinished(Optional.of("p"), "key")).contains(owned.id());
    }
    assertThat(world.store.findUnfinished(Optional.of(""), "key")).isEmpty();
    assertThat(world.store.findUnfinished(Optional.empty(), "other")).isEmpty();
    world.cancel(job);
    world.settleAll();
    assertThat(world.state(job)).isEqualTo(JobState.CANCELLED);
    assertThat(world.store.findUnfinished(Optional.empty(), "key")).isEmpty();
  }

  private static NewJob keyed(Optional<String> principal) {
    ExportRequest.Builder request = request(1).idempotencyKey("key");
    principal.ifPresent(request::principal);
    return planned(request.build(), 1, JobId.random().value());
  }

  @Test
  default void s04_aPlanIsStoredOnceWhoeverPlansAgain(StoreWorld world) {
    NewJob job = world.create(unplanned(1));
    assertThat(world.find(job).outputs().get(0).chunkCount()).isZero();
    assertThat(world.store.load(job.id()).orElseThrow().views()).isEmpty();

    ClaimedTask frozen = world.one(job);
    world.advance(StoreWorld.PAST_LEASE);
    ClaimedTask planner = world.one(job);
    assertThat(world.succeed(planner)).isTrue();
    TaskEvent otherPlan = new TaskEvent.Planned(SampleJobs.plan(1, 5, "other"));
    assertThat(world.settle(frozen, otherPlan)).as("the plan of a frozen server").isFalse();
    world.settle(planner, otherPlan);

    assertThat(world.find(job).outputs().get(0).chunkCount()).isEqualTo(2);
    assertThat(world.store.load(job.id()).orElseThrow().views())
        .containsExactly(SampleJobs.view(0));
    assertThat(types(world.settleAll())).containsExactly(TaskType.SETUP);
    assertThat(world.claimAll())
        .extracting(task -> task.slice().orElseThrow().toString())
        .hasSize(2);
  }

  @Test
  default void s05_anUnknownJobIsNowhere(StoreWorld world) {
    JobId unknown = JobId.random();
    Lease lease = new Lease(new TaskId(unknown, TaskType.CLEANUP, 0, 0), 1, "w");
    ClaimedTask task =
        new ClaimedTask(
            lease,
            SampleJobs.KIND,
            0,
            0,
            false,
            StopCause.NONE,
            Optional.empty(),
            Optional.empty(),
            0,
            false);
    assertThat(world.store.find(unknown)).isEmpty();
    assertThat(world.store.load(unknown)).isEmpty();
    assertThat(world.store.update(unknown, CANCEL)).isFalse();
    assertThat(world.store.receipts(unknown, 0)).isEmpty();
    assertThat(world.store.endedViews(unknown)).isEmpty();
    assertThat(world.store.settle(lease, on(success(task)))).isFalse();
    assertThat(world.store.saveCheckpoint(lease, "x")).isFalse();
    assertThat(world.renew(task)).isEqualTo(LeaseStatus.LOST);
  }

  @Test
  default void s39_whatOneServerDidEveryOtherSees(StoreWorld world) {
    JobStore other = world.another();
    NewJob job = planned(1, 2);
    assertThat(other.find(job.id())).isEmpty();
    world.create(job);
    assertThat(other.find(job.id()).orElseThrow().state()).isEqualTo(JobState.ACCEPTED);
    assertThat(other.load(job.id()).orElseThrow().state()).isEqualTo(JobState.ACCEPTED);

    ClaimedTask setup = other.claim(claim("v", 1)).get(0);
    assertThat(world.state(job)).isEqualTo(JobState.IN_PROGRESS);
    assertThat(world.renew(setup)).as("by another server's store").isEqualTo(LeaseStatus.HELD);
    assertThat(world.store.settle(setup.lease(), on(success(setup)))).isTrue();
    List<ClaimedTask> chunks = other.claim(claim("v", 9));
    assertThat(chunks).hasSize(2);
    other.settle(chunks.get(0).lease(), on(success(chunks.get(0))));
    assertThat(world.find(job).outputs().get(0).chunksDone()).isEqualTo(1);
    assertThat(world.store.receipts(job.id(), 0)).hasSize(1);

    assertThat(other.find(job.id()).orElseThrow().state()).isEqualTo(JobState.IN_PROGRESS);
    world.cancel(job);
    assertThat(other.find(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELING);
    assertThat(other.load(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELING);
    assertThat(StoreWorld.renew(other, chunks.get(1), LEASE)).isEqualTo(LeaseStatus.JOB_ENDING);
    assertThat(other.list(JobFilter.builder().states(Set.of(JobState.CANCELING)).build()))
        .hasSize(1);
  }
}
