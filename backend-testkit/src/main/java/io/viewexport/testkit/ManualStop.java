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
  private final List<Pending> pending = new ArrayList<>();
  private @Nullable StopReason given;

  /** Not given yet. */
  public ManualStop() {}

  /**
   * Gives the signal and runs the registered actions on this thread; only the first time.
   *
   * @param reason what those who ask are told
   */
  public void stop(StopReason reason) {
    List<Pending> due;
    synchronized (this) {
      if (given != null) {
        return;
      }
      given = reason;
      due = List.copyOf(pending);
      pending.clear();
    }
    due.forEach(each -> each.action.run());
  }

  @Override
  public synchronized Optional<StopReason> reason() {
    return Optional.ofNullable(given);
  }

  @Override
  public Registration onStop(Runnable action) {
    synchronized (this) {
      if (given == null) {
        Pending registered = new Pending(action);
        pending.add(registered);
        return registered;
      }
    }
    action.run();
    return () -> {};
  }

  private synchronized void remove(Pending action) {
    pending.remove(action);
  }

  /** One registration of an action, which may be registered several times. */
  private final class Pending implements Registration {
    private final Runnable action;

    Pending(Runnable action) {
      this.action = action;
    }

    @Override
    public void close() {
      remove(this);
    }
  }
}
