// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.core.store.TestJobs.cause;
import static io.viewexport.core.store.TestJobs.claim;
import static io.viewexport.core.store.TestJobs.is;
import static io.viewexport.core.store.TestJobs.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two jobs with the same targets, workers that crash, answer late or twice, and targets that really
 * get rows or not; what happens is read from a tape.
 */
final class JobWorld {
  private static final Duration DAY = Duration.ofDays(1);

  private final Iterator<Integer> tape;
  private final List<NewJob> jobs;
  private final InMemoryJobStore store;
  private final List<ClaimedTask> claimed = new ArrayList<>();
  private final Map<Lease, TaskEvent> said = new HashMap<>();
  private final Map<JobId, JobState> ended = new HashMap<>();

  /** Merges that have put rows into a target: a worker does so only while it holds its lease. */
  private final Set<TaskId> merged = new HashSet<>();

  private Instant now = Instant.parse("2026-03-01T00:00:00Z");

  JobWorld(List<Integer> tape, boolean planned, int views, int chunks) {
    this.tape = tape.iterator();
    this.store = InMemoryJobStore.create(() -> now);
    NewJob first = TestJobs.planned(TestJobs.request(views).build(), chunks, "target");
    NewJob second = planned ? first : TestJobs.unplanned(views);
    this.jobs = List.of(first, new NewJob(JobId.random(), second.request(), second.plan(), false));
    jobs.forEach(store::create);
  }

  boolean goesOn() {
    return tape.hasNext();
  }

  private int choose(int options) {
    return tape.hasNext() ? tape.next() % options : 0;
  }

  void step() {
    switch (choose(12)) {
      case 0, 1, 2 -> claimSome();
      case 3, 4, 5, 6 -> answer(true);
      case 7 -> answer(false);
      case 8 -> now = now.plus(Duration.ofSeconds(choose(60)));
      case 9 -> now = now.plus(DAY);
      case 10 -> repeat();
      default -> {
        if (choose(3) == 0) {
          cancel();
        }
        if (choose(20) == 7) {
          unserved();
        }
      }
    }
  }

  private void cancel() {
    store.update(jobs.get(choose(2)).id(), on(new JobEvent.CancelRequested()));
  }

  private void unserved() {
    FailureCause cause = cause(FailureKind.PERMANENT, "kind-not-served");
    store.update(jobs.get(choose(2)).id(), on(new JobEvent.Unserved(cause)));
  }

  private void claimSome() {
    for (ClaimedTask task : store.claim(claim("w" + choose(3), 1 + choose(3)))) {
      claimed.add(task);
      if (is(task, TaskType.FINALIZE) && task.stop() == StopCause.NONE && choose(3) == 0) {
        merged.add(task.lease().task());
      }
    }
  }

  /** A worker, perhaps one that lost its lease long ago, says what became of its work. */
  private void answer(boolean latest) {
    if (claimed.isEmpty()) {
      return;
    }
    ClaimedTask task = claimed.get(latest ? claimed.size() - 1 : choose(claimed.size()));
    if (!said.containsKey(task.lease())) {
      say(task, is(task, TaskType.FINALIZE) ? mergeEvent(task) : workEvent(task));
    }
  }

  private void repeat() {
    List<Object> before = everything();
    said.forEach((lease, event) -> store.settle(lease, on(event)));
    assertThat(everything()).isEqualTo(before);
  }

  private List<Object> everything() {
    List<Object> all = new ArrayList<>();
    for (NewJob job : jobs) {
      all.add(store.find(job.id()));
      all.add(store.snapshot(job.id()));
      all.add(store.taskStates(job.id()));
    }
    return all;
  }

  private void say(ClaimedTask task, TaskEvent event) {
    if (store.settle(task.lease(), on(event))) {
      said.put(task.lease(), event);
      if (event instanceof TaskEvent.Merged) {
        merged.add(task.lease().task());
      }
    }
  }

  private TaskEvent workEvent(ClaimedTask task) {
    return switch (choose(8)) {
      case 0 -> new TaskEvent.RetryLater(cause(FailureKind.RETRYABLE, "busy"), DAY);
      case 1 -> new TaskEvent.GaveUp(cause(FailureKind.PERMANENT, "refused"));
      case 2 -> TaskEvent.Released.UNTOUCHED;
      case 3 -> new TaskEvent.Stopped();
      default -> success(task, job(task));
    };
  }

  private TaskEvent mergeEvent(ClaimedTask task) {
    boolean done = merged.contains(task.lease().task());
    boolean byOther = done && task.inDoubt();
    boolean merges = done || task.stop() == StopCause.NONE;
    TaskEvent truth = merges ? success(task, job(task)) : new TaskEvent.MergeWithdrawn();
    return switch (choose(9)) {
      case 0 -> new TaskEvent.RetryLater(cause(FailureKind.OUTCOME_UNKNOWN, "lost"), DAY);
      case 1 -> new TaskEvent.GaveUp(cause(FailureKind.OUTCOME_UNKNOWN, "lost"));
      case 2 -> new TaskEvent.MergeContinues("statement", Duration.ofSeconds(9));
      case 3 ->
          done && !byOther
              ? truth
              : new TaskEvent.RetryLater(cause(FailureKind.RETRYABLE, "busy"), DAY);
      case 4 -> done ? truth : new TaskEvent.GaveUp(cause(FailureKind.PERMANENT, "refused"));
      case 5 -> new TaskEvent.Released(done && !byOther, Duration.ZERO);
      case 6 -> done && !byOther ? truth : new TaskEvent.Stopped();
      default -> truth;
    };
  }

  private NewJob job(ClaimedTask task) {
    return jobs.stream()
        .filter(job -> job.id().equals(task.lease().task().job()))
        .findFirst()
        .orElseThrow();
  }

  /** From now on every worker does its work; gives the number of rounds until nothing is left. */
  int calmDown() {
    int rounds = 0;
    while (jobs.stream().anyMatch(job -> !isOver(job))) {
      now = now.plus(DAY).plusSeconds(1);
      for (ClaimedTask task : store.claim(claim("calm", 100))) {
        say(task, calmEvent(task));
      }
      check();
      rounds++;
      assertThat(rounds).isLessThan(50);
    }
    return rounds;
  }

  private TaskEvent calmEvent(ClaimedTask task) {
    boolean stopping = task.stop() != StopCause.NONE;
    if (is(task, TaskType.FINALIZE)) {
      boolean done = merged.contains(task.lease().task());
      return done || !stopping ? success(task, job(task)) : new TaskEvent.MergeWithdrawn();
    }
    boolean stops = stopping && !is(task, TaskType.CLEANUP);
    return stops ? new TaskEvent.Stopped() : success(task, job(task));
  }

  private boolean isOver(NewJob job) {
    CleanupState cleanup = store.find(job.id()).orElseThrow().cleanup();
    return cleanup == CleanupState.DONE || cleanup == CleanupState.FAILED;
  }

  /** What holds at every moment. */
  void check() {
    Set<String> keys = new HashSet<>();
    for (NewJob job : jobs) {
      ExportJob found = store.find(job.id()).orElseThrow();
      Map<TaskId, TaskState> tasks = store.taskStates(job.id());
      checkEndIsKept(found);
      checkCounters(store.snapshot(job.id()), tasks);
      checkGates(tasks);
      checkOutcomes(found, job);
      tasks.forEach(
          (task, state) -> {
            if (task.type() == TaskType.FINALIZE && state == TaskState.LEASED && sameTarget(job)) {
              assertThat(keys.add("target" + task.view())).isTrue();
            }
          });
    }
  }

  private static boolean sameTarget(NewJob job) {
    return job.plan().isPresent();
  }

  private void checkEndIsKept(ExportJob job) {
    JobState before = ended.get(job.id());
    if (before != null) {
      assertThat(job.state()).isEqualTo(before);
    } else if (job.state().isFinal()) {
      ended.put(job.id(), job.state());
    }
  }

  private static void checkCounters(JobSnapshot job, Map<TaskId, TaskState> tasks) {
    for (TaskType type : TaskType.values()) {
      long open =
          tasks.entrySet().stream()
              .filter(task -> task.getKey().type() == type && !task.getValue().isFinal())
              .count();
      assertThat(job.left(type)).isEqualTo((int) open);
    }
  }

  private static void checkGates(Map<TaskId, TaskState> tasks) {
    boolean merges = active(tasks, TaskType.FINALIZE);
    Collection<TaskState> chunks = states(tasks, TaskType.CHUNK);
    assertThat(!merges || chunks.stream().allMatch(state -> state == TaskState.DONE)).isTrue();
    boolean cleans = active(tasks, TaskType.CLEANUP);
    boolean workLeft =
        tasks.entrySet().stream()
            .anyMatch(
                task -> task.getKey().type() != TaskType.CLEANUP && !task.getValue().isFinal());
    assertThat(cleans && workLeft).isFalse();
  }

  private static boolean active(Map<TaskId, TaskState> tasks, TaskType type) {
    return states(tasks, type).stream()
        .anyMatch(state -> state == TaskState.READY || state == TaskState.LEASED);
  }

  private static List<TaskState> states(Map<TaskId, TaskState> tasks, TaskType type) {
    return tasks.entrySet().stream()
        .filter(task -> task.getKey().type() == type)
        .map(Map.Entry::getValue)
        .toList();
  }

  private void checkOutcomes(ExportJob found, NewJob job) {
    boolean allMerged =
        found.outputs().stream().allMatch(output -> output.outcome() == MergeOutcome.MERGED);
    assertThat(found.state() == JobState.COMPLETED).isEqualTo(allMerged);
    for (int view = 0; view < found.outputs().size(); view++) {
      ExportOutput output = found.outputs().get(view);
      boolean truth = merged.contains(new TaskId(job.id(), TaskType.FINALIZE, view, 0));
      if (output.outcome() == MergeOutcome.MERGED) {
        assertThat(truth).isTrue();
      } else if (output.outcome() == MergeOutcome.NOT_MERGED) {
        assertThat(truth).isFalse();
      }
    }
  }

  /** What holds once nothing is left to do. */
  void checkEnd() {
    for (NewJob job : jobs) {
      ExportJob found = store.find(job.id()).orElseThrow();
      assertThat(found.state().isFinal()).isTrue();
      assertThat(found.outputs()).allMatch(output -> output.outcome() != MergeOutcome.PENDING);
      assertThat(found.failure().isPresent()).isEqualTo(found.state() == JobState.FAILED);
      assertThat(found.endedAt()).isPresent();
      assertThat(store.taskStates(job.id()).values()).allMatch(TaskState::isFinal);
    }
  }
}
