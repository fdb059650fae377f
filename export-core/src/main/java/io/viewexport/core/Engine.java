// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.StopReason;
import io.viewexport.core.store.JobStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** The threads of one server's engine: how they start, and in which order they end. */
final class Engine {
  private static final Duration LONGEST_CLAIM_PAUSE = Duration.ofSeconds(5);
  private static final Duration PURGE_INTERVAL = Duration.ofHours(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
  private static final Duration LONGEST_INTERRUPT = Duration.ofSeconds(2);

  private final ExportConfig config;
  private final LeaseKeeper keeper;
  private final ExecutorService stopActions;
  private final SlotPool slots;
  private final Loop claiming;
  private final Loop renewing;
  private final Loop watching;
  private final Loop purging;

  Engine(
      ExportConfig config,
      JobStore store,
      Claimer claimer,
      LeaseKeeper keeper,
      ExecutorService stopActions,
      Health health) {
    this.config = config;
    this.keeper = keeper;
    this.stopActions = stopActions;
    LeaseTerms terms = new LeaseTerms(config.leaseDuration(), config.stallTimeout());
    slots = new SlotPool(config.tasksAtOnce(), this::wake);
    claiming = new Loop("claim", () -> claimer.fill(slots), health, LONGEST_CLAIM_PAUSE);
    renewing =
        new Loop("renew", () -> renew(terms.heartbeat()), health, terms.heartbeat().dividedBy(2));
    watching = new Loop("watch", () -> watch(terms.watchInterval()), health, terms.watchInterval());
    purging =
        new Loop(
            "purge",
            () -> {
              store.purge(config.retention());
              return PURGE_INTERVAL;
            },
            health,
            Duration.ofMinutes(1));
  }

  void start() {
    List.of(watching, renewing, claiming, purging).forEach(Loop::start);
  }

  /** Looks for work at once. */
  void wake() {
    claiming.wake();
  }

  /** Renews at once, and so hears of a job that is ending. */
  void renewSoon() {
    renewing.wake();
  }

  /** Ends the engine. Leases are renewed until no task runs any more. */
  void close(boolean started) {
    if (started) {
      stopTasks();
    }
    slots.shutDown();
    stopActions.shutdown();
  }

  private void stopTasks() {
    claiming.close();
    purging.close();
    if (!slots.awaitIdle(config.shutdownGrace())) {
      keeper.stopAll(StopReason.SHUTDOWN);
      slots.awaitIdle(LONGEST_STOP);
    }
    slots.shutDown();
    slots.awaitIdle(LONGEST_INTERRUPT);
    renewing.close();
    watching.close();
  }

  private Duration renew(Duration next) {
    keeper.renew();
    return next;
  }

  private Duration watch(Duration next) {
    keeper.watch();
    return next;
  }
}
