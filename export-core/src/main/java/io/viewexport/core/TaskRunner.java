// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.StoredJob;
import java.util.Map;
import java.util.Optional;

/**
 * Runs one claimed task from its claim to its settlement. Whatever is thrown ends here; the lease
 * is kept until the store knows how the attempt ended.
 */
final class TaskRunner {
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
      AttemptEnd end = judge.beforeWork(claim).orElseGet(() -> work(claim, held));
      interrupted = Thread.interrupted();
      settle(held, end);
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

  private AttemptEnd work(ClaimedTask claim, HeldLease held) {
    Lease lease = claim.lease();
    String kind = "of job " + lease.task().job();
    events.attemptStarted(lease);
    try {
      StoredJob job = load(held);
      kind = job.request().kind();
      ExportBackend backend = Optional.ofNullable(backends.get(kind)).orElseThrow();
      TaskStep step = Optional.ofNullable(steps.get(lease.task().type())).orElseThrow();
      return new AttemptEnd.Done(step.run(new Attempt(claim, job, backend, held)));
    } catch (Throwable thrown) {
      return judge.afterThrow(claim, held, kind, thrown);
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

  private void settle(HeldLease held, AttemptEnd end) {
    Lease lease = held.lease();
    if (end instanceof AttemptEnd.Lost) {
      events.leaseLost(lease);
    } else if (end instanceof AttemptEnd.Done done) {
      if (settle(held, done.event())) {
        events.attemptDone(lease);
      }
    } else if (end instanceof AttemptEnd.Failed failed) {
      if (settle(held, failed.event())) {
        events.attemptFailed(lease, failed.cause());
      }
    } else if (end instanceof AttemptEnd.Freed freed && settle(held, freed.event())) {
      events.attemptFreed(lease);
    }
  }

  /** The store is the judge of whether the lease was still held. */
  private boolean settle(HeldLease held, TaskEvent event) {
    WatchedDecision decision = new WatchedDecision(JobStateMachine.on(event));
    try {
      if (Patience.whileHeld(held, () -> store.settle(held.lease(), decision))) {
        decision.state().ifPresent(state -> changed(held, state));
        return true;
      }
    } catch (ExportStoppedException gone) {
      events.attemptFreed(held.lease());
    }
    events.leaseLost(held.lease());
    return false;
  }

  private void changed(HeldLease held, JobState state) {
    events.jobStateChanged(held.lease().task().job(), state);
  }
}
