// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.source;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stop signal that a test gives. */
final class TestStop implements StopSignal {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean stopped;

  /** Gives the signal. */
  void stop() {
    List<Runnable> due;
    synchronized (this) {
      stopped = true;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }

  synchronized int registrations() {
    return actions.size();
  }

  @Override
  public synchronized Optional<StopReason> reason() {
    return stopped ? Optional.of(StopReason.SHUTDOWN) : Optional.empty();
  }

  @Override
  public Registration onStop(Runnable action) {
    synchronized (this) {
      if (!stopped) {
        actions.add(action);
        return () -> remove(action);
      }
    }
    action.run();
    return () -> {};
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }
}
