// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import java.util.Objects;

/**
 * What a warehouse says of a statement.
 *
 * @param id the statement
 * @param state how far it is
 * @param failure how it failed; codes are empty in any other state
 */
record StatementAnswer(String id, State state, StatementFailure failure) {

  /** How far a statement is. */
  enum State {
    /** It waits: for the warehouse to start, or for a place. */
    PENDING,
    /** It runs. */
    RUNNING,
    /** It has taken effect; its result can be had. */
    SUCCEEDED,
    /** It has taken effect; its result is gone. */
    CLOSED,
    /** It had no effect. */
    FAILED,
    /** It was cancelled and had no effect. */
    CANCELED;

    /** Whether it has taken effect. */
    boolean isApplied() {
      return this == SUCCEEDED || this == CLOSED;
    }

    /** Whether it will not change any more. */
    boolean isFinal() {
      return this != PENDING && this != RUNNING;
    }
  }

  StatementAnswer {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(failure, "failure");
  }
}
