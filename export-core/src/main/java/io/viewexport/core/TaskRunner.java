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
  private final WorkedJobs jobs;
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
    this.jobs = new WorkedJobs(store);
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
    Settled settled = Settled.LOST;
    try {
      begin(claim);
      AttemptEnd end = judge.beforeWork(claim).orElseGet(() -> work(claim, held));
      interrupted = Thread.interrupted();
      settled = settle(held, end);
    } catch (RuntimeException | Error defect) {
      judge.defect(defect);
    } finally {
      keeper.drop(held);
      report(claim, held, settled);
      ids.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the lease of a task that is not begun, as the server is being closed. */
  void giveBack(ClaimedTask claim) {
    store.settle(claim.lease(), JobStateMachine.on(TaskEvent.Released.UNTOUCHED));
  }

  /** What the store made of an attempt. */
  private record Settled(Result result, Optional<FailureCause> failure) {
    static final Settled LOST = new Settled(Result.LEASE_LOST, Optional.empty());

    static Settled of(Result result) {
      return new Settled(result, Optional.empty());
    }
  }

  private void begin(ClaimedTask claim) {
    if (claim.startsJob()) {
      events.jobStateChanged(claim.lease().task().job(), JobState.IN_PROGRESS);
    }
    events.attemptStarted(claim);
  }

  private AttemptEnd work(ClaimedTask claim, HeldLease held) {
    try {
      StoredJob job = load(held);
      ExportBackend backend = Optional.ofNullable(backends.get(claim.kind())).orElseThrow();
      TaskStep step = Optional.ofNullable(steps.get(claim.lease().task().type())).orElseThrow();
      TaskEvent event = step.run(new Attempt(claim, job, backend, held, events));
      return event instanceof TaskEvent.Released
          ? new AttemptEnd.Freed(event)
          : new AttemptEnd.Done(event);
    } catch (Throwable thrown) {
      return judge.afterThrow(claim, held, thrown);
    }
  }

  private StoredJob load(HeldLease held) {
    Optional<StoredJob> job = Patience.whileWanted(held, () -> jobs.of(held.lease().task()));
    if (job.isEmpty()) {
      held.stop(StopReason.LEASE_LOST);
      throw new ExportStoppedException(StopReason.LEASE_LOST);
    }
    return job.get();
  }

  private Settled settle(HeldLease held, AttemptEnd end) {
    if (end instanceof AttemptEnd.Done done) {
      return settle(held, done.event(), Settled.of(Result.DONE));
    }
    if (end instanceof AttemptEnd.Failed failed) {
      Settled failure = new Settled(Result.FAILED, Optional.of(failed.cause()));
      return settle(held, failed.event(), failure);
    }
    if (end instanceof AttemptEnd.Freed freed) {
      return settle(held, freed.event(), Settled.of(Result.RELEASED));
    }
    return Settled.LOST;
  }

  /**
   * Stores the end of an attempt.
   *
   * @return what is given where the store, which is the judge of that, says that the lease was
   *     still held
   */
  private Settled settle(HeldLease held, TaskEvent event, Settled wanted) {
    WatchedDecision decision = new WatchedDecision(JobStateMachine.on(event));
    try {
      if (Patience.whileHeld(held, () -> store.settle(held.lease(), decision))) {
        JobId job = held.lease().task().job();
        decision.state().ifPresent(state -> events.jobStateChanged(job, state));
        return wanted;
      }
    } catch (ExportStoppedException gone) {
      LOG.debug("the store could not be told of the end of an attempt: {}", gone.reason());
    }
    return Settled.LOST;
  }

  private void report(ClaimedTask claim, HeldLease held, Settled settled) {
    LeaseProgress done = held.progress();
    Lease lease = claim.lease();
    events.attemptEnded(
        new AttemptReport(
            claim.kind(),
            lease.task(),
            lease.token(),
            settled.result(),
            settled.failure(),
            held.elapsed(),
            done.rowCount(),
            done.byteCount()));
  }
}
