// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import io.viewexport.testkit.ContextUse;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Does something when a call uses its context for a certain time. */
final class AtUse implements Consumer<ContextUse> {
  private static final int LAST = 3;

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

  /** A play at one use, which gives the watch that it has ended. */
  @FunctionalInterface
  interface Play {
    AtUse at(int use);
  }

  /**
   * Plays at each of the first uses, at some of the later ones, and at each of the last, which are
   * those right before the effect.
   */
  static void each(Play play) {
    Set<Integer> played = new HashSet<>();
    int use = 1;
    AtUse watch = play.at(use);
    while (watch.struck) {
      played.add(use);
      use += 1 + use / 4;
      watch = play.at(use);
    }
    int all = watch.uses.get();
    for (int last = Math.max(1, all - LAST + 1); last <= all; last++) {
      if (played.add(last)) {
        play.at(last);
      }
    }
  }
}
