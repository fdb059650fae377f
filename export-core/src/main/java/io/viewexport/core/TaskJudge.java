// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.StopReason;
import io.viewexport.api.job.FailureCause;
import io.viewexport.core.retry.Failure;
import io.viewexport.core.retry.Retries;
import io.viewexport.core.retry.RetryDecision;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;

/** Says what an attempt comes to: one that should not begin, and one that ended by a throw. */
final class TaskJudge {
  private static final String STALLED =
      "The work made no progress for the time allowed and was stopped; look at the source and the"
          + " target, or allow more by stallTimeout.";

  private final Retries retries;
  private final Health health;
  private final Events events;

  TaskJudge(Retries retries, Health health, Events events) {
    this.retries = retries;
    this.health = health;
    this.events = events;
  }

  /** The end of a task that is not to be begun; empty where it is. */
  Optional<AttemptEnd> beforeWork(ClaimedTask claim) {
    TaskType type = claim.lease().task().type();
    Optional<FailureCause> lost = retries.lostTooOften(type, claim.lostLeases(), claim.inDoubt());
    if (lost.isPresent()) {
      return lost.map(cause -> new AttemptEnd.Failed(new TaskEvent.GaveUp(cause), cause));
    }
    boolean findsOut = type == TaskType.FINALIZE && claim.inDoubt();
    if (claim.stop() != StopCause.NONE && type != TaskType.CLEANUP && !findsOut) {
      return Optional.of(new AttemptEnd.Freed(new TaskEvent.Stopped()));
    }
    return Optional.empty();
  }

  /** The end of an attempt that threw. */
  AttemptEnd afterThrow(ClaimedTask claim, HeldLease held, Throwable thrown) {
    TaskType type = claim.lease().task().type();
    health.note(thrown);
    boolean noEffect = thrown instanceof ExportStoppedException || type != TaskType.FINALIZE;
    if (!(thrown instanceof Error) && noEffect) {
      Optional<AttemptEnd> stopped = stopped(claim, held, thrown);
      if (stopped.isPresent()) {
        return stopped.get();
      }
    }
    if (!(thrown instanceof ExportException || thrown instanceof ExportRefusedException)) {
      events.defect(thrown);
    }
    return failed(claim, Failure.classify(type, claim.kind(), thrown));
  }

  /** Notes what should never have been thrown at the engine itself. */
  void defect(Throwable thrown) {
    health.note(thrown);
    events.defect(thrown);
  }

  private Optional<AttemptEnd> stopped(ClaimedTask claim, HeldLease held, Throwable thrown) {
    Optional<StopReason> reason = held.reason();
    if (reason.isPresent()) {
      return reason.map(why -> stopped(claim, why));
    }
    return isInterrupt(thrown)
        ? Optional.of(new AttemptEnd.Freed(new TaskEvent.Released()))
        : Optional.empty();
  }

  private AttemptEnd stopped(ClaimedTask claim, StopReason reason) {
    return switch (reason) {
      case JOB_ENDING -> new AttemptEnd.Freed(new TaskEvent.Stopped());
      case SHUTDOWN -> new AttemptEnd.Freed(new TaskEvent.Released());
      case LEASE_LOST -> new AttemptEnd.Lost();
      case STALLED ->
          failed(claim, Failure.of(new FailureCause(FailureKind.RETRYABLE, "stalled", STALLED)));
    };
  }

  private AttemptEnd failed(ClaimedTask claim, Failure failure) {
    TaskType type = claim.lease().task().type();
    RetryDecision decision = retries.decide(type, claim.failures(), failure);
    TaskEvent event =
        decision instanceof RetryDecision.RetryLater later
            ? new TaskEvent.RetryLater(later.cause(), later.delay())
            : new TaskEvent.GaveUp(decision.cause());
    return new AttemptEnd.Failed(event, decision.cause());
  }

  /**
   * Whether a thread was interrupted. {@code InterruptedIOException} alone does not say so: a
   * socket's time-out is one, too.
   */
  private static boolean isInterrupt(Throwable thrown) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return false;
  }
}
