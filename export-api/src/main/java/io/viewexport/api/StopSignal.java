// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

import java.util.Optional;

/**
 * Tells running work that it must end.
 *
 * <p>Work asks often, at the least before anything that others can see: a commit, a submit, a
 * delete. The signal never goes back once given. Safe for use by many threads.
 */
public interface StopSignal {

  /** {@return why to stop; empty while the work may go on} Cheap: no I/O. */
  Optional<StopReason> reason();

  /**
   * Returns while the work may go on.
   *
   * @throws ExportStoppedException once it must end
   */
  default void throwIfStopped() {
    Optional<StopReason> reason = reason();
    if (reason.isPresent()) {
      throw new ExportStoppedException(reason.get());
    }
  }

  /**
   * Runs an action once when the signal is given, on a thread of the engine's; at once if it was
   * given already. For what blocks and has to be interrupted from outside: a query, a request.
   *
   * @param action must be short and must not throw
   * @return takes the action back when closed; after that it is not started any more
   */
  Registration onStop(Runnable action);

  /** A registered action. */
  interface Registration extends AutoCloseable {
    /** Takes the action back. Any number of times. */
    @Override
    void close();
  }
}
