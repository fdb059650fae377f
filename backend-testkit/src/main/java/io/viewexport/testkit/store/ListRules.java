// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.unplanned;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.QueueStats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What clients and operators see of many jobs. */
interface ListRules {

  @Test
  default void s32_jobsAreListedNewestFirstAsTheFilterSays(StoreWorld world) {
    NewJob a = owned(world, "ann", "red", "t1");
    NewJob b = owned(world, "bob", "red", "t2");
    NewJob c = owned(world, "ann", "blue", "t2");
    world.cancel(c);

    assertThat(world.ids(JobFilter.NEWEST)).containsExactly(c.id(), b.id(), a.id());
    assertThat(world.store.list(JobFilter.NEWEST).get(2)).isEqualTo(world.find(a));
    assertThat(world.ids(JobFilter.builder().principal("ann").build()))
        .containsExactly(c.id(), a.id());
    assertThat(world.ids(JobFilter.builder().kind("red").build())).containsExactly(b.id(), a.id());
    assertThat(world.ids(JobFilter.builder().clientTrackingId("t2").build()))
        .containsExactly(c.id(), b.id());
    assertThat(world.ids(JobFilter.builder().states(Set.of(JobState.ACCEPTED)).build()))
        .containsExactly(b.id(), a.id());
    assertThat(
            world.ids(
                JobFilter.builder()
                    .states(Set.of(JobState.ACCEPTED, JobState.CANCELING))
                    .principal("ann")
                    .kind("red")
                    .clientTrackingId("t1")
                    .build()))
        .containsExactly(a.id());
    assertThat(world.ids(JobFilter.builder().principal("ANN").build())).isEmpty();
    assertThat(world.ids(JobFilter.builder().principal("").build())).isEmpty();
  }

  @Test
  default void s32_theTimesOfAFilterAreFromAndBefore(StoreWorld world) {
    NewJob a = owned(world, "ann", "red", "t");
    NewJob b = owned(world, "ann", "red", "t");
    NewJob c = owned(world, "ann", "red", "t");
    Instant of = world.find(b).createdAt();
    assertThat(world.ids(JobFilter.builder().createdFrom(of).build()))
        .containsExactly(c.id(), b.id());
    assertThat(world.ids(JobFilter.builder().createdBefore(of).build())).containsExactly(a.id());
    assertThat(world.ids(JobFilter.builder().createdFrom(of).createdBefore(of).build())).isEmpty();
  }

  private static NewJob owned(StoreWorld world, String principal, String kind, String tracking) {
    NewJob job =
        world.create(
            planned(
                request(kind, 1).principal(principal).clientTrackingId(tracking).build(), 1, "x"));
    world.advance(Duration.ofMillis(2));
    return job;
  }

  @Test
  default void s33_pagesHaveEachJobOnceWhileJobsComeAndGo(StoreWorld world) {
    List<JobId> all = new ArrayList<>();
    for (int number = 0; number < 23; number++) {
      all.add(0, world.create(unplanned(1)).id());
    }
    List<ExportJob> found = new ArrayList<>();
    JobFilter page = JobFilter.builder().limit(5).build();
    List<ExportJob> jobs = world.store.list(page);
    while (!jobs.isEmpty()) {
      found.addAll(jobs);
      world.create(planned(1, 1));
      jobs = world.store.list(page.after(found.get(found.size() - 1)));
    }
    assertThat(found.stream().map(ExportJob::id)).containsExactlyInAnyOrderElementsOf(all);
    assertThat(found.stream().map(ExportJob::createdAt))
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(world.store.list(page.after(found.get(22)))).isEmpty();
    assertThat(world.ids(page.after(found.get(0))))
        .containsExactlyElementsOf(found.subList(1, 6).stream().map(ExportJob::id).toList());
  }

  @Test
  default void s33_aPageFollowsAPlaceThatIsGone(StoreWorld world) {
    NewJob older = world.create(planned(1, 1));
    NewJob gone = world.create(unplanned(1));
    NewJob newer = world.create(planned(1, 1));
    ExportJob place = world.find(gone);
    world.cancel(gone);
    assertThat(world.ids(JobFilter.NEWEST.after(place))).containsExactly(older.id());
    assertThat(world.ids(JobFilter.NEWEST)).startsWith(newer.id());
  }

  @Test
  default void s34_aJobThatWaitsHasItsPlace(StoreWorld world) {
    NewJob first = world.create(planned(1, 1));
    NewJob second = world.create(planned(request("red", 1).build(), 1, "x"));
    NewJob third = world.create(planned(1, 1));
    assertPlaces(world, List.of(first, second, third), 1, 2, 3);
    assertThat(world.store.list(JobFilter.NEWEST))
        .extracting(job -> job.queuePosition().orElse(0))
        .containsExactly(3, 2, 1);
    List<ClaimedTask> begun = world.claimAll();
    assertThat(begun).hasSize(2);
    assertPlaces(world, List.of(first, second, third), 0, 1, 0);
    world.cancel(second);
    assertPlaces(world, List.of(second), 0);
  }

  private static void assertPlaces(StoreWorld world, List<NewJob> jobs, int... places) {
    for (int number = 0; number < places.length; number++) {
      assertThat(world.find(jobs.get(number)).queuePosition().orElse(0))
          .as("place of job %s of those created (0: none)", number + 1)
          .isEqualTo(places[number]);
    }
  }

  @Test
  default void s35_theFiguresOfTheQueueAreThoseOfTheMoment(StoreWorld world) {
    QueueStats empty = world.store.stats();
    assertThat(empty.dueTasks() + empty.leasedTasks() + empty.unfinishedJobs()).isZero();
    assertThat(empty.oldestDue()).isEmpty();
    assertThat(empty.oldestUnfinished()).isEmpty();

    NewJob job = world.create(planned(3, 1));
    NewJob held = planned(1, 1);
    world.create(new NewJob(held.id(), held.request(), held.plan(), true));
    world.advance(Duration.ofMinutes(10));
    QueueStats waiting = world.store.stats();
    assertFigures(waiting, 3, 0, 2, 1);
    assertAbout(waiting.oldestDue().orElseThrow(), Duration.ofMinutes(10));
    assertAbout(waiting.oldestUnfinished().orElseThrow(), Duration.ofMinutes(10));

    ClaimedTask one = world.one(job);
    ClaimedTask two = world.one(job);
    assertFigures(world.store.stats(), 1, 2, 2, 1);
    world.settle(one, new TaskEvent.RetryLater(retryable("x"), Duration.ofHours(1)));
    assertFigures(world.store.stats(), 1, 1, 2, 1);
    world.succeed(two);
    world.settleAll();
    assertFigures(world.store.stats(), 0, 0, 2, 1);
    assertThat(world.store.stats().oldestDue()).isEmpty();
    world.cancel(job);
    world.settleAll();
    assertFigures(world.store.stats(), 0, 0, 1, 1);
  }

  private static void assertFigures(
      QueueStats stats, long due, long leased, long unfinished, long heldBack) {
    assertThat(stats.dueTasks()).as("due").isEqualTo(due);
    assertThat(stats.leasedTasks()).as("leased").isEqualTo(leased);
    assertThat(stats.unfinishedJobs()).as("unfinished").isEqualTo(unfinished);
    assertThat(stats.heldBackJobs()).as("held back").isEqualTo(heldBack);
  }

  private static void assertAbout(Duration found, Duration expected) {
    assertThat(found).isBetween(expected, expected.plus(LEASE));
  }
}
