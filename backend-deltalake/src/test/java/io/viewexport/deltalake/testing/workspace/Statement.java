// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkError;
import io.viewexport.deltalake.oracle.SparkStatement;
import io.viewexport.deltalake.oracle.SqlResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A statement from its submission to its end. Safe for use by many threads. */
final class Statement {
  /** Where a statement is. */
  enum State {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELED,
    CLOSED
  }

  private final String id = UUID.randomUUID().toString();
  private final StatementRequest request;
  private final Instant submitted;
  private final Instant startable;
  private final CountDownLatch ended = new CountDownLatch(1);
  private State state = State.PENDING;
  private boolean canceling;
  private @Nullable Instant end;
  private @Nullable SparkStatement running;
  private @Nullable SqlResult result;
  private @Nullable SparkError error;

  /**
   * A statement.
   *
   * @param startable from when on there is a warehouse for it
   */
  Statement(StatementRequest request, Instant submitted, Instant startable) {
    this.request = request;
    this.submitted = submitted;
    this.startable = startable;
  }

  String id() {
    return id;
  }

  StatementRequest request() {
    return request;
  }

  Instant submitted() {
    return submitted;
  }

  synchronized State state() {
    return state;
  }

  synchronized Optional<Instant> end() {
    return Optional.ofNullable(end);
  }

  synchronized SqlResult result() {
    return Objects.requireNonNull(result);
  }

  synchronized Optional<SparkError> error() {
    return Optional.ofNullable(error);
  }

  /** Whether the caller has to run it now: only once true. */
  synchronized boolean starts(Instant now) {
    if (state != State.PENDING || now.isBefore(startable)) {
      return false;
    }
    state = State.RUNNING;
    return true;
  }

  synchronized void runsAs(SparkStatement spark) {
    running = spark;
    if (canceling) {
      spark.cancel();
    }
  }

  /** Asks for its end, which may come too late. */
  synchronized void cancel(Instant now) {
    canceling = true;
    if (state == State.PENDING) {
      ends(State.CANCELED, now);
    } else if (running != null) {
      running.cancel();
    }
  }

  synchronized void failIfCanceled(Fault.Moment moment) {
    if (canceling && moment == Fault.Moment.BEFORE_EFFECT) {
      throw new StatementFailure(new SparkError("", "", "canceled"));
    }
  }

  synchronized void succeeds(SqlResult rows, Instant now) {
    result = rows;
    ends(State.SUCCEEDED, now);
  }

  synchronized void fails(SparkError why, Instant now) {
    error = why;
    ends(canceling ? State.CANCELED : State.FAILED, now);
  }

  /** Its result is gone. */
  synchronized void closes() {
    if (state == State.SUCCEEDED) {
      state = State.CLOSED;
    }
  }

  private void ends(State last, Instant now) {
    state = last;
    end = now;
    ended.countDown();
  }

  boolean awaitEnd(Duration time) throws InterruptedException {
    return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
