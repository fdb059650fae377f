// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.success;
import static io.viewexport.testkit.store.StoreWorld.CANCEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.NewJob;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Events at the same moment. */
interface RaceRules {

  /** The merge was made: whichever comes first, the job is completed. */
  @Test
  default void s30_aCancelAndTheLastMergeRaceToOneEnd(StoreWorld world) {
    JobStore other = world.another();
    for (int round = 0; round < 25; round++) {
      NewJob job = world.create(planned(1, 1));
      ClaimedTask merge = world.bringTo(TaskType.FINALIZE, job);
      List<JobState> seen =
          atOnce(
              world,
              job,
              List.of(
                  () -> world.store.update(job.id(), CANCEL),
                  () -> other.settle(merge.lease(), on(success(merge)))));
      ExportJob ended = world.find(job);
      assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
      assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.MERGED);
      assertOneEnd(seen, ended);
      world.settleAll();
    }
  }

  @Test
  default void s30_aCancelAndTheLastChunkRaceToOneEnd(StoreWorld world) {
    JobStore other = world.another();
    for (int round = 0; round < 25; round++) {
      NewJob job = world.create(planned(1, 1));
      ClaimedTask chunk = world.bringTo(TaskType.CHUNK, job);
      List<JobState> seen =
          atOnce(
              world,
              job,
              List.of(
                  () -> other.update(job.id(), CANCEL),
                  () -> world.store.settle(chunk.lease(), on(success(chunk)))));
      assertThat(world.state(job)).isEqualTo(JobState.CANCELING);
      assertThat(StoreWorld.types(world.settleAll())).containsExactly(TaskType.CLEANUP);
      ExportJob ended = world.find(job);
      assertThat(ended.state()).isEqualTo(JobState.CANCELLED);
      assertThat(ended.outputs().get(0).outcome()).isEqualTo(MergeOutcome.NOT_MERGED);
      assertOneEnd(seen, ended);
    }
  }

  /** Two chunks are given up while the job is cancelled. */
  @Test
  default void s30_failuresAndACancelRaceToOneEnd(StoreWorld world) {
    for (int round = 0; round < 25; round++) {
      NewJob job = world.create(planned(1, 2));
      world.settleAll();
      List<ClaimedTask> chunks = world.claimAll();
      List<JobState> seen =
          atOnce(
              world,
              job,
              List.of(
                  () -> world.settle(chunks.get(0), new TaskEvent.GaveUp(retryable("a"))),
                  () -> world.settle(chunks.get(1), new TaskEvent.GaveUp(retryable("b"))),
                  () -> world.store.update(job.id(), CANCEL)));
      world.settleAll();
      ExportJob ended = world.find(job);
      assertThat(ended.state()).isIn(JobState.FAILED, JobState.CANCELLED);
      assertThat(ended.failure().isPresent()).isEqualTo(ended.state() == JobState.FAILED);
      assertOneEnd(seen, ended);
      assertThat(world.claimAll()).isEmpty();
    }
  }

  /** Runs the events and, beside them, an observer; gives the states that it saw. */
  private static List<JobState> atOnce(
      StoreWorld world, NewJob job, List<Callable<Boolean>> events) {
    List<JobState> seen = new ArrayList<>();
    List<Boolean> done =
        Race.of(
            events.size() + 1,
            number -> {
              if (number < events.size()) {
                return events.get(number).call();
              }
              for (int look = 0; look < 5; look++) {
                seen.add(world.state(job));
              }
              return true;
            });
    assertThat(done).as("each had its effect").containsOnly(true);
    return seen;
  }

  private static void assertOneEnd(List<JobState> seen, ExportJob ended) {
    assertThat(seen.stream().filter(JobState::isFinal).distinct().toList())
        .as("final states that were seen")
        .allMatch(state -> state == ended.state());
  }

  @Test
  default void s31_manyCallsOfEveryKindComeToAnEnd(StoreWorld world) {
    List<JobStore> servers = world.servers(3);
    List<NewJob> jobs = new ArrayList<>();
    for (int number = 0; number < 12; number++) {
      jobs.add(world.create(planned(2, 12)));
    }
    Race.of(
        8,
        number -> {
          JobStore store = servers.get(number % 3);
          for (int round = 0; round < 40; round++) {
            work(store, number, round);
            if (round % 10 == 9) {
              store.update(jobs.get((number * 7 + round) % jobs.size()).id(), CANCEL);
              store.admit(OptionalInt.of(3));
              store.purge(Duration.ZERO, 5);
              store.announce("w" + number, Set.of(SampleJobs.KIND), LEASE);
              store.takeDuty("purge", "w" + number, Duration.ZERO);
              store.unserved();
              store.stats();
              store.list(JobFilter.NEWEST);
            }
          }
          return number;
        });
    for (NewJob job : jobs) {
      world.store.update(job.id(), CANCEL);
    }
    List<ClaimedTask> rest = world.settleAll();
    while (!rest.isEmpty()) {
      rest = world.settleAll();
    }
    world.store.purge(Duration.ZERO, 1000);
    assertThat(world.store.stats().unfinishedJobs()).isZero();
  }

  /**
   * Leases are short enough for some to run out: a task may be taken over between claim and settle.
   */
  private static void work(JobStore store, int number, int round) {
    Duration lease = round % 4 == 0 ? Duration.ZERO : LEASE;
    ClaimRequest request =
        new ClaimRequest(
            "w" + number,
            Set.of(SampleJobs.KIND),
            3,
            lease,
            round % 5 == 0 ? OptionalInt.of(30) : OptionalInt.empty());
    List<ClaimedTask> tasks = store.claim(request);
    store.renew(tasks.stream().map(task -> new LeaseProgress(task.lease(), 1, 1)).toList(), LEASE);
    for (ClaimedTask task : tasks) {
      store.saveCheckpoint(task.lease(), "x");
      TaskEvent event =
          round % 7 == 0 ? new TaskEvent.RetryLater(retryable("x"), Duration.ZERO) : success(task);
      store.settle(task.lease(), on(event));
    }
    if (round % 3 == 0) {
      store.claim(claim("w" + number, 1)).forEach(t -> store.settle(t.lease(), on(success(t))));
    }
  }
}
