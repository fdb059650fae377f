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
import java.time.Duration;
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
    Optional<AttemptEnd> stopped =
        thrown instanceof Error ? Optional.empty() : stopped(claim, held, thrown);
    if (stopped.isPresent()) {
      return stopped.get();
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

  /** The end of an attempt that was told to stop, or interrupted; empty where it failed. */
  private Optional<AttemptEnd> stopped(ClaimedTask claim, HeldLease held, Throwable thrown) {
    boolean merges = claim.lease().task().type() == TaskType.FINALIZE;
    Optional<StopReason> reason = held.reason();
    if (reason.isEmpty() && isInterrupt(thrown)) {
      return Optional.of(released(merges, thrown, retries.pause()));
    }
    if (reason.filter(why -> why == StopReason.SHUTDOWN).isPresent()) {
      return Optional.of(released(merges, thrown, Duration.ZERO));
    }
    boolean mayHaveEffect = merges && !(thrown instanceof ExportStoppedException);
    return mayHaveEffect ? Optional.empty() : reason.map(why -> stopped(claim, why));
  }

  private AttemptEnd stopped(ClaimedTask claim, StopReason reason) {
    return switch (reason) {
      case JOB_ENDING -> new AttemptEnd.Freed(new TaskEvent.Stopped());
      case SHUTDOWN -> new AttemptEnd.Freed(TaskEvent.Released.UNTOUCHED);
      case LEASE_LOST -> new AttemptEnd.Lost();
      case STALLED ->
          failed(claim, Failure.of(new FailureCause(FailureKind.RETRYABLE, "stalled", STALLED)));
    };
  }

  private static AttemptEnd released(boolean merges, Throwable thrown, Duration delay) {
    return new AttemptEnd.Freed(new TaskEvent.Released(merges && !isWithoutEffect(thrown), delay));
  }

  /** Whether a backend says by what it throws that its merge has not begun. */
  private static boolean isWithoutEffect(Throwable thrown) {
    return thrown instanceof ExportStoppedException
        || thrown instanceof ExportRefusedException
        || (thrown instanceof ExportException known && known.kind() != FailureKind.OUTCOME_UNKNOWN);
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
