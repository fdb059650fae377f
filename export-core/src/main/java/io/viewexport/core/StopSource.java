// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.core.store.Lease;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stop signal and the right to give it. The first reason given stays. */
final class StopSource implements StopSignal {
  private static final Logger LOG = LoggerFactory.getLogger(StopSource.class);

  private final Executor executor;
  private final Lease lease;
  private final Set<Action> actions = new LinkedHashSet<>();
  private volatile @Nullable StopReason given;

  /**
   * Runs registered actions by this executor, so that a slow one holds up no heartbeat.
   *
   * @param lease whose ids stand in what the actions log
   */
  StopSource(Executor executor, Lease lease) {
    this.executor = executor;
    this.lease = lease;
  }

  @Override
  public Optional<StopReason> reason() {
    return Optional.ofNullable(given);
  }

  void give(StopReason reason) {
    List<Action> due;
    synchronized (actions) {
      if (given != null) {
        return;
      }
      given = reason;
      due = List.copyOf(actions);
      actions.clear();
    }
    due.forEach(this::execute);
  }

  /** On this thread where the executor takes no more: the signal is given all the same. */
  private void execute(Action action) {
    Runnable withIds = () -> TaskLog.run(lease, action);
    try {
      executor.execute(withIds);
    } catch (RejectedExecutionException closed) {
      withIds.run();
    }
  }

  @Override
  public Registration onStop(Runnable action) {
    Action registered = new Action(action);
    synchronized (actions) {
      if (given == null) {
        actions.add(registered);
        return registered;
      }
    }
    execute(registered);
    return registered;
  }

  private final class Action implements Runnable, Registration {
    private final Runnable action;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Action(Runnable action) {
      this.action = action;
    }

    @Override
    public void run() {
      if (!open.getAndSet(false)) {
        return;
      }
      try {
        action.run();
      } catch (RuntimeException | Error failed) {
        LOG.warn("an action on stop failed: {}", failed.getClass().getName());
      }
    }

    @Override
    public void close() {
      open.set(false);
      synchronized (actions) {
        actions.remove(this);
      }
    }
  }
}
