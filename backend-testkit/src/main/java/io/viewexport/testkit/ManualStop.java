// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stop signal that a test gives. Safe for use by many threads. */
public final class ManualStop implements StopSignal {
  private final List<Runnable> actions = new ArrayList<>();
  private @Nullable StopReason given;

  /** Not given yet. */
  public ManualStop() {}

  /** Gives the signal and runs the registered actions on this thread; only the first time. */
  public void stop(StopReason reason) {
    List<Runnable> due;
    synchronized (this) {
      if (given != null) {
        return;
      }
      given = reason;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  @Override
  public synchronized Optional<StopReason> reason() {
    return Optional.ofNullable(given);
  }

  @Override
  public Registration onStop(Runnable action) {
    synchronized (this) {
      if (given == null) {
        Runnable own = action::run;
        actions.add(own);
        return () -> remove(own);
      }
    }
    action.run();
    return () -> {};
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }
}
