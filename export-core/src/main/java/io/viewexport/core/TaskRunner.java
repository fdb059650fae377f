// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.AttemptReport.Result;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.StoredJob;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one claimed task from its claim to its settlement. Whatever is thrown ends here; the lease
 * is kept until the store knows how the attempt ended.
 */
final class TaskRunner {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final JobStore store;
  private final LeaseKeeper keeper;
  private final Map<String, ExportBackend> backends;
  private final Map<TaskType, TaskStep> steps;
  private final TaskJudge judge;
  private final Events events;

  TaskRunner(
      JobStore store,
      LeaseKeeper keeper,
      Map<String, ExportBackend> backends,
      Map<TaskType, TaskStep> steps,
      TaskJudge judge,
      Events events) {
    this.store = store;
    this.keeper = keeper;
    this.backends = Map.copyOf(backends);
    this.steps = Map.copyOf(steps);
    this.judge = judge;
    this.events = events;
  }

  /**
   * Runs a task on the calling thread. Its interrupt flag is kept.
   *
   * @param askedAt the monotonic time before the claim was asked for
   */
  void run(ClaimedTask claim, long askedAt) {
    HeldLease held = keeper.hold(claim, askedAt);
    TaskLog ids = new TaskLog(claim.lease());
    boolean interrupted = false;
    try {
      if (claim.startsJob()) {
        events.jobStateChanged(claim.lease().task().job(), JobState.IN_PROGRESS);
      }
      AttemptEnd end = judge.beforeWork(claim).orElseGet(() -> work(claim, held));
      interrupted = Thread.interrupted();
      settle(claim, held, end);
    } catch (RuntimeException | Error defect) {
      judge.defect(defect);
    } finally {
      ids.close();
      keeper.drop(held);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the lease of a task that is not begun, as the server is being closed. */
  void giveBack(ClaimedTask claim) {
    store.settle(claim.lease(), JobStateMachine.on(TaskEvent.Released.UNTOUCHED));
  }

  private AttemptEnd work(ClaimedTask claim, HeldLease held) {
    events.attemptStarted(claim);
    try {
      StoredJob job = load(held);
      ExportBackend backend = Optional.ofNullable(backends.get(claim.kind())).orElseThrow();
      TaskStep step = Optional.ofNullable(steps.get(claim.lease().task().type())).orElseThrow();
      return new AttemptEnd.Done(step.run(new Attempt(claim, job, backend, held)));
    } catch (Throwable thrown) {
      return judge.afterThrow(claim, held, thrown);
    }
  }

  private StoredJob load(HeldLease held) {
    Optional<StoredJob> job =
        Patience.whileWanted(held, () -> store.load(held.lease().task().job()));
    if (job.isEmpty()) {
      held.stop(StopReason.LEASE_LOST);
      throw new ExportStoppedException(StopReason.LEASE_LOST);
    }
    return job.get();
  }

  private void settle(ClaimedTask claim, HeldLease held, AttemptEnd end) {
    if (end instanceof AttemptEnd.Done done) {
      report(claim, held, settle(held, done.event(), Result.DONE), Optional.empty());
    } else if (end instanceof AttemptEnd.Failed failed) {
      Result result = settle(held, failed.event(), Result.FAILED);
      boolean counts = result == Result.FAILED;
      report(claim, held, result, Optional.of(failed.cause()).filter(cause -> counts));
    } else if (end instanceof AttemptEnd.Freed freed) {
      report(claim, held, settle(held, freed.event(), Result.RELEASED), Optional.empty());
    } else {
      report(claim, held, Result.LEASE_LOST, Optional.empty());
    }
  }

  /**
   * Stores the end of an attempt.
   *
   * @return the result that is given where the store, which is the judge of that, says that the
   *     lease was still held
   */
  private Result settle(HeldLease held, TaskEvent event, Result result) {
    WatchedDecision decision = new WatchedDecision(JobStateMachine.on(event));
    try {
      if (Patience.whileHeld(held, () -> store.settle(held.lease(), decision))) {
        JobId job = held.lease().task().job();
        decision.state().ifPresent(state -> events.jobStateChanged(job, state));
        return result;
      }
    } catch (ExportStoppedException gone) {
      LOG.debug("the store could not be told of the end of an attempt: {}", gone.reason());
    }
    return Result.LEASE_LOST;
  }

  private void report(
      ClaimedTask claim, HeldLease held, Result result, Optional<FailureCause> failure) {
    LeaseProgress done = held.progress();
    Lease lease = claim.lease();
    events.attemptEnded(
        new AttemptReport(
            claim.kind(),
            lease.task(),
            lease.token(),
            result,
            failure,
            held.elapsed(),
            done.rowCount(),
            done.byteCount()));
  }
}
