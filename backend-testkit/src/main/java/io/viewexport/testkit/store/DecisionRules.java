// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.core.state.JobStateMachine.on;
import static io.viewexport.testkit.store.SampleJobs.LEASE;
import static io.viewexport.testkit.store.SampleJobs.cause;
import static io.viewexport.testkit.store.SampleJobs.request;
import static io.viewexport.testkit.store.SampleJobs.retryable;
import static io.viewexport.testkit.store.StoreWorld.CANCEL;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.LeaseStatus;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every event of every task in every condition of its job: what the decision says is what is. */
interface DecisionRules {
  /** Everything that can become of an attempt. */
  List<TaskEvent> EVENTS =
      List.of(
          new TaskEvent.Planned(SampleJobs.plan(1, 2, "t-" + JobId.random())),
          new TaskEvent.SetUp(),
          new TaskEvent.ChunkExported(new ChunkReceipt("r", 10, 100)),
          new TaskEvent.RetryLater(retryable("later"), Duration.ofMinutes(10)),
          new TaskEvent.RetryLater(cause(FailureKind.OUTCOME_UNKNOWN, "lost"), Duration.ZERO),
          new TaskEvent.GaveUp(retryable("refused")),
          new TaskEvent.GaveUp(cause(FailureKind.OUTCOME_UNKNOWN, "lost")),
          TaskEvent.Released.UNTOUCHED,
          new TaskEvent.Stopped(),
          new TaskEvent.Merged("file:/t0", SampleJobs.COUNTS),
          new TaskEvent.MergeContinues("statement", Duration.ofMinutes(10)),
          new TaskEvent.MergeWithdrawn(),
          new TaskEvent.CleanedUp(Duration.ofMinutes(10)));

  /** The conditions that a job is in when its task ends. */
  enum Condition {
    FRESH(false, false),
    /** One attempt failed, one lost its lease. */
    WORN(true, false),
    ENDING(false, true),
    WORN_AND_ENDING(true, true);

    private final boolean worn;
    private final boolean ending;

    Condition(boolean worn, boolean ending) {
      this.worn = worn;
      this.ending = ending;
    }
  }

  @ParameterizedTest
  @EnumSource(TaskType.class)
  default void s07_whatADecisionSaysOfEveryEventIsWritten(TaskType type, StoreWorld world) {
    for (Condition condition : Condition.values()) {
      for (TaskEvent event : EVENTS) {
        new Scene(world, type, condition).meet(event);
      }
    }
  }

  /** One job of a kind of its own with a task of a type in hand. */
  final class Scene {
    private final StoreWorld world;
    private final JobStore store;
    private final String kind = "kind-" + JobId.random();
    private final TaskType type;
    private final Condition condition;
    private final NewJob job;

    Scene(StoreWorld world, TaskType type, Condition condition) {
      this.world = world;
      this.store = world.store;
      this.type = type;
      this.condition = condition;
      this.job = new NewJob(JobId.random(), request(kind, 1).build(), Optional.empty(), false);
    }

    private List<ClaimedTask> claim(int limit) {
      return store.claim(new ClaimRequest("w", Set.of(kind), limit, LEASE));
    }

    private ClaimedTask next() {
      return claim(1).stream().findFirst().orElseThrow(() -> new AssertionError("nothing is due"));
    }

    private ClaimedTask inHand() {
      ClaimedTask task = next();
      while (task.lease().task().type() != type) {
        assertThat(world.succeed(task)).isTrue();
        task = next();
      }
      if (condition.worn) {
        world.settle(task, new TaskEvent.RetryLater(retryable("first"), Duration.ZERO));
        holdOnly(task.lease().task());
        world.advance(StoreWorld.PAST_LEASE);
        task = holdOnly(task.lease().task());
      }
      return task;
    }

    /** Claims this task alone: hands back what else came. */
    private ClaimedTask holdOnly(TaskId id) {
      List<ClaimedTask> all = claim(9);
      all.stream()
          .filter(task -> !task.lease().task().equals(id))
          .forEach(task -> world.settle(task, TaskEvent.Released.UNTOUCHED));
      return all.stream()
          .filter(task -> task.lease().task().equals(id))
          .findFirst()
          .orElseThrow(() -> new AssertionError("not due: " + id));
    }

    void meet(TaskEvent event) {
      store.create(job);
      ClaimedTask task = inHand();
      JobModel model = new JobModel(type, 2, condition.worn ? 1 : 0);
      if (condition.ending) {
        store.update(job.id(), CANCEL);
        model.meet(CANCEL, Optional.empty());
      }
      String what = "%s at %s, %s".formatted(event, type, condition);
      boolean doubt = type == TaskType.FINALIZE && condition.worn;
      TaskSnapshot snapshot = new TaskSnapshot(type, task.failures(), doubt, 0);
      JobSnapshot before = model.snapshot();
      DecisionSpy spy = new DecisionSpy(on(event));
      assertThat(store.settle(task.lease(), spy)).as("%s: held", what).isTrue();
      if (!(event instanceof TaskEvent.ChunkExported)) {
        assertThat(spy.job()).as("%s: the job as decided upon", what).isEqualTo(before);
        assertThat(spy.task()).as("%s: the task as decided upon", what).contains(snapshot);
      }
      Optional<TaskChange> change = model.meet(on(event), Optional.of(snapshot));
      check(what, task, change, model);
    }

    private void check(String what, ClaimedTask task, Optional<TaskChange> change, JobModel model) {
      assertThat(world.state(job)).as("%s: the job's state", what).isEqualTo(model.state());
      boolean ending = model.snapshot().stop() != StopCause.NONE;
      LeaseStatus held = ending ? LeaseStatus.JOB_ENDING : LeaseStatus.HELD;
      assertThat(world.renew(task))
          .as("%s: the lease", what)
          .isEqualTo(change.isEmpty() ? held : LeaseStatus.LOST);
      change
          .flatMap(TaskChange::outcome)
          .ifPresent(
              outcome ->
                  assertThat(world.find(job).outputs().get(0).outcome())
                      .as("%s: what is known of the merge", what)
                      .isEqualTo(outcome));
      change.ifPresent(written -> checkNextClaim(what, task, written));
    }

    private void checkNextClaim(String what, ClaimedTask task, TaskChange written) {
      world.advance(written.delay());
      List<ClaimedTask> again =
          claim(9).stream().filter(one -> one.lease().task().equals(task.lease().task())).toList();
      if (!JobModel.comesBack(written)) {
        assertThat(again).as("%s: over", what).isEmpty();
        return;
      }
      assertThat(again).as("%s: due again", what).hasSize(1);
      ClaimedTask next = again.get(0);
      int failed = written.failure().isPresent() ? 1 : 0;
      assertThat(next.lease().token()).isEqualTo(task.lease().token() + 1);
      assertThat(next.failures()).as("%s: failures", what).isEqualTo(task.failures() + failed);
      assertThat(next.lostLeases()).as("%s: lost leases", what).isEqualTo(task.lostLeases());
      assertThat(next.inDoubt()).as("%s: in doubt", what).isEqualTo(written.inDoubt());
      assertThat(next.checkpoint()).isEqualTo(written.checkpoint().or(task::checkpoint));
    }
  }
}
