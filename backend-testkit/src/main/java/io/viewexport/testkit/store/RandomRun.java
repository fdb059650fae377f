// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.cause;
import static io.viewexport.testkit.store.SampleJobs.claim;
import static io.viewexport.testkit.store.SampleJobs.is;
import static io.viewexport.testkit.store.SampleJobs.planned;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.SampleJobs.success;
import static io.viewexport.testkit.store.SampleJobs.unplanned;
import static io.viewexport.testkit.store.StoreWorld.CANCEL;
import static io.viewexport.testkit.store.StoreWorld.PAST_LEASE;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.NewJob;
import io.viewexport.testkit.internal.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Servers that do anything to a few jobs, and a record of what they were told. */
final class RandomRun {
  private static final int THREADS = 6;
  private static final int STEPS = 60;

  private final StoreWorld world;
  private final List<JobStore> servers;
  private final long seed;
  private final List<NewJob> jobs = new ArrayList<>();
  private final RandomRecord record = new RandomRecord();

  /** Time is moved while no call is under way. */
  private final ReadWriteLock time = new ReentrantReadWriteLock();

  private final Map<JobId, Set<JobState>> ends = new ConcurrentHashMap<>();

  RandomRun(StoreWorld world, long seed) {
    this.world = world;
    this.seed = seed;
    this.servers = world.servers(3);
    for (int number = 0; number < 3; number++) {
      jobs.add(world.create(planned(request(2).build(), 3, "shared")));
      jobs.add(world.create(unplanned(1)));
    }
    jobs.forEach(job -> ends.put(job.id(), ConcurrentHashMap.newKeySet()));
  }

  void race() {
    Race.of(
        THREADS,
        number -> {
          Worker worker = new Worker(number);
          for (int step = 0; step < STEPS; step++) {
            worker.step();
          }
          return number;
        });
  }

  /** One thread of one server. */
  private final class Worker {
    private final Random random;
    private final String name;
    private final JobStore store;
    private final List<ClaimedTask> held = new ArrayList<>();

    Worker(int number) {
      this.random = new Random(31 * seed + number);
      this.name = "w" + number;
      this.store = servers.get(number % servers.size());
    }

    void step() {
      int choice = random.nextInt(40);
      if (choice == 39) {
        time.writeLock().lock();
        try {
          world.advance(PAST_LEASE);
        } finally {
          time.writeLock().unlock();
        }
        return;
      }
      time.readLock().lock();
      try {
        act(choice);
      } finally {
        time.readLock().unlock();
      }
    }

    private void act(int choice) {
      if (choice < 14 || held.isEmpty()) {
        store.claim(claim(name, 1 + random.nextInt(3))).forEach(this::take);
      } else if (choice < 30) {
        say(held.remove(random.nextInt(held.size())));
      } else if (choice < 34) {
        store.renew(
            held.stream().map(task -> new LeaseProgress(task.lease(), 3, 4)).toList(), LEASE);
      } else if (choice < 37) {
        store.saveCheckpoint(held.get(0).lease(), name);
      } else if (choice == 37) {
        observe(store, jobs.get(random.nextInt(jobs.size())));
      } else if (random.nextInt(8) == 0) {
        store.update(jobs.get(random.nextInt(jobs.size())).id(), CANCEL);
      }
    }

    private void take(ClaimedTask task) {
      record.claimed(task);
      held.add(task);
    }

    private void say(ClaimedTask task) {
      TaskEvent event = event(task);
      boolean settled = store.settle(task.lease(), on(event));
      record.settled(task, event, settled);
      if (settled && random.nextInt(4) == 0) {
        store.settle(task.lease(), on(event));
      }
    }

    private TaskEvent event(ClaimedTask task) {
      boolean merge = is(task, TaskType.FINALIZE);
      return switch (random.nextInt(10)) {
        case 0 -> new TaskEvent.RetryLater(retryable("busy"), Duration.ZERO);
        case 1 -> TaskEvent.Released.UNTOUCHED;
        case 2 -> task.stop() == StopCause.NONE ? success(task) : new TaskEvent.Stopped();
        case 3 ->
            merge
                ? new TaskEvent.RetryLater(
                    cause(FailureKind.OUTCOME_UNKNOWN, "lost"), Duration.ZERO)
                : success(task);
        case 4 -> merge ? new TaskEvent.MergeContinues("s", Duration.ZERO) : success(task);
        case 5 ->
            random.nextInt(10) == 0
                ? new TaskEvent.GaveUp(cause(FailureKind.PERMANENT, "refused"))
                : success(task);
        default -> success(task);
      };
    }
  }

  private void observe(JobStore store, NewJob job) {
    JobState state = store.find(job.id()).orElseThrow().state();
    if (state.isFinal()) {
      ends.getOrDefault(job.id(), Set.of()).add(state);
    }
  }

  /** From now on all goes well, until nothing is left to do. */
  void calmDown() {
    int rounds = 0;
    while (jobs.stream().anyMatch(job -> !isOver(job))) {
      jobs.forEach(job -> observe(world.store, job));
      world.advance(Duration.ofDays(1));
      for (ClaimedTask task : world.claimAll()) {
        record.claimed(task);
        TaskEvent event = success(task);
        record.settled(task, event, world.settle(task, event));
      }
      rounds++;
      assertThat(rounds).as("seed %s: rounds until all is over", seed).isLessThan(60);
    }
  }

  private boolean isOver(NewJob job) {
    CleanupState cleanup = world.find(job).cleanup();
    return cleanup == CleanupState.DONE || cleanup == CleanupState.FAILED;
  }

  void check() {
    String what = "seed " + seed;
    record.checkTokensAndCounts(what);
    Map<JobId, Integer> starts = new HashMap<>();
    record.claims().stream()
        .filter(ClaimedTask::startsJob)
        .forEach(task -> starts.merge(task.lease().task().job(), 1, Integer::sum));
    for (NewJob job : jobs) {
      ExportJob ended = world.find(job);
      assertThat(ends.getOrDefault(job.id(), Set.of()))
          .as("%s: final states seen of %s", what, job.id())
          .allMatch(state -> state == ended.state());
      assertThat(starts.getOrDefault(job.id(), 0)).as("%s: startsJob", what).isLessThan(2);
      record.checkFigures(what, world.store, ended);
    }
  }
}
