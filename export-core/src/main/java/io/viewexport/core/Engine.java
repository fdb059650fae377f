// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.StopReason;
import io.viewexport.core.store.JobStoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of one server's engine: how they start, and in which order they end. */
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration LONGEST_CLAIM_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
  private static final Duration LONGEST_INTERRUPT = Duration.ofSeconds(2);

  private final ExportConfig config;
  private final LeaseKeeper keeper;
  private final ExecutorService stopActions;
  private final SlotPool slots;
  private final Loop claiming;
  private final Loop renewing;
  private final Loop watching;
  private final Loop tending;
  private final Loop holding;
  private final Upkeep upkeep;
  private final HeldSnapshots snapshots;

  Engine(
      ExportConfig config,
      Claimer claimer,
      LeaseKeeper keeper,
      Upkeep upkeep,
      HeldSnapshots snapshots,
      ExecutorService stopActions,
      Health health) {
    this.config = config;
    this.keeper = keeper;
    this.upkeep = upkeep;
    this.snapshots = snapshots;
    this.stopActions = stopActions;
    LeaseTerms terms = new LeaseTerms(config.leaseDuration(), config.stallTimeout());
    slots = new SlotPool(config.tasksAtOnce(), this::wake);
    claiming = new Loop("claim", () -> claimer.fill(slots), health, LONGEST_CLAIM_PAUSE);
    renewing =
        new Loop("renew", () -> renew(terms.heartbeat()), health, terms.heartbeat().dividedBy(2));
    watching = new Loop("watch", () -> watch(terms.watchInterval()), health, terms.watchInterval());
    holding = new Loop("hold", () -> hold(terms.heartbeat()), health, terms.heartbeat());
    tending = new Loop("tend", () -> tend(terms.heartbeat()), health, Duration.ofSeconds(5));
  }

  void start() {
    List.of(watching, renewing, claiming, tending, holding).forEach(Loop::start);
  }

  /** Looks for work at once. */
  void wake() {
    claiming.wake();
  }

  /** Renews at once, and so hears of a job that is ending. */
  void renewSoon() {
    renewing.wake();
  }

  /** Lets waiting jobs begin soon: one has ended. */
  void tendSoon() {
    tending.wake();
  }

  /** Ends the engine. Leases are renewed until no task runs any more. */
  void close(boolean started) {
    if (started) {
      stopTasks();
    }
    snapshots.close();
    leave();
    slots.shutDown();
    stopActions.shutdown();
  }

  private void stopTasks() {
    claiming.close();
    tending.close();
    if (!slots.awaitIdle(config.shutdownGrace())) {
      keeper.stopAll(StopReason.SHUTDOWN);
      slots.awaitIdle(LONGEST_STOP);
    }
    slots.shutDown();
    slots.awaitIdle(LONGEST_INTERRUPT);
    renewing.close();
    watching.close();
    holding.close();
  }

  private void leave() {
    try {
      upkeep.leave();
    } catch (JobStoreException trouble) {
      LOG.debug("the store was not told of the end: {}", trouble.getClass().getName());
    }
  }

  private Duration tend(Duration next) {
    upkeep.run();
    return next;
  }

  private Duration renew(Duration next) {
    keeper.renew();
    return next;
  }

  /** Apart from the leases of tasks: a database that does not answer must not cost these. */
  private Duration hold(Duration next) {
    snapshots.renew();
    return next;
  }

  private Duration watch(Duration next) {
    keeper.watch();
    return next;
  }
}
