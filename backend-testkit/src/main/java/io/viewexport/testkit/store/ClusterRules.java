// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.StoreWorld.PAST_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.NewJob;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What one server does for all, and what servers know of each other. */
interface ClusterRules {
  /** How long ended jobs are kept in these tests. */
  Duration RETENTION = Duration.ofHours(1);

  @Test
  default void s36_purgeNeverTouchesWhatRunsOrIsToBeCleanedUp(StoreWorld world) {
    NewJob uncleaned = world.create(planned(1, 1));
    world.settleStages(3);
    ClaimedTask cleanup = world.one(uncleaned);
    NewJob running = world.create(planned(1, 1));
    ClaimedTask task = world.one(running);
    NewJob accepted = world.create(planned(1, 1));
    world.advance(RETENTION.multipliedBy(10));
    assertThat(world.store.purge(RETENTION, 10)).isZero();
    assertThat(world.store.purge(Duration.ZERO, 10)).isZero();
    for (NewJob job : List.of(uncleaned, running, accepted)) {
      assertThat(world.store.find(job.id())).isPresent();
    }
    assertThat(world.succeed(task)).isTrue();
    assertThat(world.succeed(cleanup)).isTrue();
  }

  /** A job may run for longer than ended ones are kept. */
  @Test
  default void s36_theRetentionCountsFromTheEndOfTheCleanUp(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    world.advance(RETENTION.multipliedBy(2));
    world.settleStages(3);
    world.advance(RETENTION.multipliedBy(2));
    world.settleAll();
    assertThat(world.store.purge(RETENTION, 10)).as("just cleaned up").isZero();
    world.advance(RETENTION.minusMinutes(1));
    assertThat(world.store.purge(RETENTION, 10)).as("a minute before its time").isZero();
    world.advance(Duration.ofMinutes(2));
    assertThat(world.store.purge(RETENTION, 10)).as("its time has passed").isEqualTo(1);
    assertThat(world.store.find(job.id())).isEmpty();
    assertThat(world.store.load(job.id())).isEmpty();
    assertThat(world.store.endedViews(job.id())).isEmpty();
    assertThat(world.store.list(JobFilter.NEWEST)).isEmpty();
  }

  @Test
  default void s36_aFailedCleanUpIsAnEndToo(StoreWorld world) {
    NewJob job = world.create(planned(1, 1));
    ClaimedTask cleanup = world.bringTo(TaskType.CLEANUP, job);
    world.settle(cleanup, new TaskEvent.GaveUp(retryable("x")));
    world.advance(RETENTION.plusMinutes(1));
    assertThat(world.store.purge(RETENTION, 10)).isEqualTo(1);
  }

  @Test
  default void s36_theOldestGoFirstAndNoMoreThanAsked(StoreWorld world) {
    List<JobId> ended = new ArrayList<>();
    for (int number = 0; number < 5; number++) {
      NewJob job = world.create(planned(1, 1));
      world.runToEnd(job);
      ended.add(job.id());
      world.advance(Duration.ofMinutes(1));
    }
    world.advance(RETENTION);
    assertThat(world.store.purge(RETENTION, 2)).isEqualTo(2);
    assertThat(world.ids(JobFilter.NEWEST))
        .containsExactlyInAnyOrderElementsOf(ended.subList(2, 5));
    assertThat(world.store.purge(RETENTION, 2)).isEqualTo(2);
    assertThat(world.store.purge(RETENTION, 2)).isEqualTo(1);
    assertThat(world.store.purge(RETENTION, 2)).isZero();
  }

  @Test
  default void s37_aDutyIsOneWorkersUntilItsTimeHasPassed(StoreWorld world) {
    JobStore other = world.another();
    Duration minute = Duration.ofMinutes(1);
    assertThat(world.store.takeDuty("purge", "w", minute)).isTrue();
    assertThat(other.takeDuty("purge", "v", minute)).isFalse();
    assertThat(other.takeDuty("other", "v", minute)).as("another duty").isTrue();
    world.advance(Duration.ofSeconds(50));
    assertThat(other.takeDuty("purge", "v", minute)).isFalse();
    assertThat(world.store.takeDuty("purge", "w", minute)).as("its own, again").isTrue();
    world.advance(Duration.ofSeconds(50));
    assertThat(other.takeDuty("purge", "v", minute)).isFalse();
    world.advance(Duration.ofSeconds(11));
    assertThat(other.takeDuty("purge", "v", minute)).as("let run out").isTrue();
    assertThat(world.store.takeDuty("purge", "w", minute)).isFalse();
  }

  @Test
  default void s37_oneOfManyThatAskAtOnceHasTheDuty(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    for (int round = 0; round < 10; round++) {
      String duty = "duty" + round;
      List<Boolean> taken =
          Race.of(
              8,
              number ->
                  servers.get(number % 3).takeDuty(duty, "w" + number, Duration.ofMinutes(1)));
      assertThat(taken.stream().filter(one -> one)).as("servers with %s", duty).hasSize(1);
    }
  }

  @Test
  default void s38_aKindIsServedAsLongAsAServerSaysSo(StoreWorld world) {
    JobStore other = world.another();
    NewJob red = world.create(planned(request("red", 1).build(), 1, "r"));
    NewJob blue = world.create(planned(request("blue", 1).build(), 1, "b"));
    assertThat(world.store.unserved().jobs()).containsExactly(red.id(), blue.id());
    assertThat(world.store.unserved().served()).isEmpty();

    other.announce("v", Set.of("red", "green"), Duration.ofSeconds(30));
    assertThat(world.store.unserved().jobs()).containsExactly(blue.id());
    assertThat(world.store.unserved().served()).containsExactlyInAnyOrder("red", "green");
    other.announce("v", Set.of("blue"), Duration.ofSeconds(60));
    assertThat(world.store.unserved().jobs()).as("the later one counts").containsExactly(red.id());
    world.advance(Duration.ofSeconds(50));
    assertThat(world.store.unserved().served()).containsExactly("blue");
    world.advance(Duration.ofSeconds(11));
    assertThat(world.store.unserved().served()).as("it was not said again").isEmpty();
    other.announce("v", Set.of("blue"), Duration.ofSeconds(60));
    other.announce("v", Set.of("blue"), Duration.ZERO);
    assertThat(world.store.unserved().served()).as("taken back").isEmpty();
  }

  @Test
  default void s38_aKindIsServedWhileSomebodyHoldsATaskOfIt(StoreWorld world) {
    NewJob held = world.create(planned(1, 2));
    world.one(held);
    assertThat(world.store.unserved().jobs()).isEmpty();
    assertThat(world.store.unserved().served()).containsExactly(SampleJobs.KIND);
    world.advance(PAST_LEASE);
    assertThat(world.store.unserved().jobs()).containsExactly(held.id());
  }

  @Test
  default void s38_jobsThatAreOverOrHeldBackAreNotUnserved(StoreWorld world) {
    NewJob over = world.create(planned(1, 1));
    world.runToEnd(over);
    NewJob back = planned(1, 1);
    world.create(new NewJob(back.id(), back.request(), back.plan(), true));
    assertThat(world.store.unserved().jobs()).isEmpty();
  }
}
