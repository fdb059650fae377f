// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing.workspace;

import io.viewexport.deltalake.oracle.SparkError;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What goes wrong with one statement. Made by one of the methods, given to {@link
 * Warehouse#inject}.
 */
public final class StatementFault {
  private final String text;
  private final Optional<SparkError> error;
  private final Fault.Moment moment;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private StatementFault(String text, Optional<SparkError> error, Fault.Moment moment) {
    this.text = text;
    this.error = error;
    this.moment = moment;
    if (error.isPresent()) {
      released.countDown();
    }
  }

  /**
   * The next statement that contains this text fails, without effect.
   *
   * @param errorClass such as {@code DELTA_INSERT_COLUMN_ARITY_MISMATCH}
   */
  public static StatementFault failing(String text, String errorClass, String sqlState) {
    return new StatementFault(
        text,
        Optional.of(new SparkError(errorClass, sqlState, "[" + errorClass + "] Injected.")),
        Fault.Moment.BEFORE_EFFECT);
  }

  /** The next statement that contains this text loses against another writer of its table. */
  public static StatementFault conflict(String text) {
    return failing(text, "DELTA_CONCURRENT_APPEND", "2D521");
  }

  /** The next statement that contains this text waits at this moment, running, until released. */
  public static StatementFault holding(String text, Fault.Moment moment) {
    return new StatementFault(text, Optional.empty(), moment);
  }

  /** Returns once a statement waits. */
  public void awaitReached() throws InterruptedException {
    if (!reached.await(180, TimeUnit.SECONDS)) {
      throw new IllegalStateException("no statement with " + text + " came");
    }
  }

  /** Lets the waiting statement go on, or one that comes later pass. */
  public void release() {
    released.countDown();
  }

  boolean concerns(String sql) {
    return sql.contains(text);
  }

  /** Called by the statement's thread at each moment. */
  void at(Fault.Moment now, Statement statement) throws InterruptedException {
    if (now != moment) {
      return;
    }
    reached.countDown();
    while (!released.await(20, TimeUnit.MILLISECONDS)) {
      statement.failIfCanceled(now);
    }
    if (error.isPresent()) {
      throw new StatementFailure(error.get());
    }
  }
}
