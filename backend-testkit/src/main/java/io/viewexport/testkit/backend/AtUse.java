// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.testkit.ContextUse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Does something when a call uses its context for a certain time. */
final class AtUse implements Consumer<ContextUse> {
  private final int number;
  private final Runnable action;
  private final AtomicInteger uses = new AtomicInteger();
  private volatile boolean struck;
  private volatile boolean ended;

  /** At the use of this number, from 1. */
  AtUse(int number, Runnable action) {
    this.number = number;
    this.action = action;
  }

  /** Ends the watch, and says whether there was such a use. */
  boolean end() {
    ended = true;
    return struck;
  }

  @Override
  public void accept(ContextUse use) {
    if (!ended && uses.incrementAndGet() == number) {
      struck = true;
      action.run();
    }
  }

  /** A play at one use, which says whether the use was reached. */
  @FunctionalInterface
  interface Play {
    boolean at(int use);
  }

  /** Plays at each of the first uses, and at some of the later ones, until one is not reached. */
  static void each(Play play) {
    int use = 1;
    while (play.at(use)) {
      use += 1 + use / 4;
    }
  }
}
