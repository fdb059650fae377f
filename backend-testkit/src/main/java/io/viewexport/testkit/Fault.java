// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.ExportException;
import java.util.function.Supplier;

/**
 * What goes wrong with a call. It throws, or waits as a {@link Stall} does, or changes something
 * and returns, after which the call goes on.
 */
@FunctionalInterface
public interface Fault {

  /**
   * Strikes, on the thread of the call.
   *
   * @param call which call it is
   */
  void strike(BackendCall call);

  /**
   * Throws a failure.
   *
   * @param failure makes what is thrown, once for each strike
   * @return the fault
   */
  static Fault fail(Supplier<? extends RuntimeException> failure) {
    return call -> {
      throw failure.get();
    };
  }

  /**
   * Fails in a way that may work later.
   *
   * @return the fault
   */
  static Fault retryable() {
    return fail(() -> ExportException.retryable("injected", "An injected failure.", null));
  }

  /**
   * Fails for good.
   *
   * @return the fault
   */
  static Fault permanent() {
    return fail(() -> ExportException.permanent("injected", "An injected failure.", null));
  }

  /**
   * Fails so that the outcome is not known; at {@link FaultPoint#AFTER} the call had its effect, at
   * {@link FaultPoint#BEFORE} it had none.
   *
   * @return the fault
   */
  static Fault loseAnswer() {
    return fail(() -> ExportException.outcomeUnknown("injected", "The answer was lost.", null));
  }

  /**
   * Throws an error of the JVM's.
   *
   * @return the fault
   */
  static Fault error() {
    return call -> {
      throw new InternalError("injected");
    };
  }

  /**
   * Ends the pod: see {@link PodCrash}.
   *
   * @return the fault
   */
  static Fault crash() {
    return call -> {
      throw new PodCrash();
    };
  }
}
