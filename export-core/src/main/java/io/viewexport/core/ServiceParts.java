// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.GroupMembers;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.plan.ExportPlanner;
import io.viewexport.core.plan.PlanLimits;
import io.viewexport.core.retry.Retries;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.JobStore;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** What one service works with, put together. */
record ServiceParts(
    ExportConfig config,
    JobStore store,
    ViewSource source,
    Map<String, List<BackendParameter>> declared,
    ExportPlanner planner,
    Events events,
    Health health,
    LeaseKeeper keeper,
    Claimer claimer,
    Upkeep upkeep,
    HeldSnapshots snapshots,
    Engine engine) {

  /** What a host gives. */
  record Given(
      JobStore store,
      ViewSource source,
      Map<String, ExportBackend> backends,
      ExportConfig config,
      List<ExportListener> listeners,
      LongSupplier nanoTime,
      Optional<GroupMembers> groups) {}

  static ServiceParts of(Given given) {
    ExportConfig config = given.config();
    JobStore store = given.store();
    Events events = new Events(given.listeners());
    Health health = new Health(events);
    ExportPlanner planner =
        new ExportPlanner(given.source(), given.backends(), limits(config), given.groups());
    ExecutorService stops = Executors.newCachedThreadPool(Threads.named("viewexport-stop"));
    LeaseTerms terms = new LeaseTerms(config.leaseDuration(), config.stallTimeout());
    LeaseKeeper keeper = new LeaseKeeper(store, terms, given.nanoTime(), stops);
    String worker = UUID.randomUUID().toString();
    SnapshotLimit limit = new SnapshotLimit(store, config, events);
    HeldSnapshots held =
        new HeldSnapshots(store.snapshots(), worker, config.leaseDuration(), limit);
    SharedSnapshots shared =
        new SharedSnapshots(store.snapshots(), given.source(), config, worker, held, limit);
    ChunkStep chunks =
        new ChunkStep(
            store, given.source(), config, shared, () -> keeper.activity().runningTasks());
    TaskJudge judge = new TaskJudge(new Retries(config.retryPolicy()), health, events);
    TaskRunner runner =
        new TaskRunner(
            store, keeper, given.backends(), steps(given, planner, chunks), judge, events);
    Set<String> kinds = given.backends().keySet();
    Claimer claimer =
        new Claimer(store, runner, config, worker, kinds, given.nanoTime(), shared::connections);
    Upkeep upkeep = new Upkeep(store, config, events, worker, kinds, given.nanoTime());
    Engine engine = new Engine(config, claimer, keeper, upkeep, held, stops, health);
    events.onJobEnd(engine::tendSoon);
    return new ServiceParts(
        config,
        store,
        given.source(),
        declared(given.backends()),
        planner,
        events,
        health,
        keeper,
        claimer,
        upkeep,
        held,
        engine);
  }

  private static Map<String, List<BackendParameter>> declared(Map<String, ExportBackend> backends) {
    Map<String, List<BackendParameter>> declared = new TreeMap<>();
    backends.forEach((kind, backend) -> declared.put(kind, List.copyOf(backend.parameters())));
    return Collections.unmodifiableMap(declared);
  }

  private static Map<TaskType, TaskStep> steps(
      Given given, ExportPlanner planner, ChunkStep chunks) {
    JobStore store = given.store();
    return Map.of(
        TaskType.PLAN, new PlanStep(planner),
        TaskType.SETUP, new SetupStep(store),
        TaskType.CHUNK, chunks,
        TaskType.FINALIZE, new MergeStep(store),
        TaskType.CLEANUP, new CleanupStep(store, given.config().cleanupGrace()));
  }

  private static PlanLimits limits(ExportConfig config) {
    OptionalInt most =
        switch (config.surplusChunks()) {
          case REFUSE -> OptionalInt.of(config.chunkBudget());
          case WAIT -> OptionalInt.empty();
        };
    return new PlanLimits(
        most,
        config.kindsElsewhere(),
        config.nextSince() == NextSincePolicy.REQUIRE,
        config.chunkBudget(),
        config.snapshotLimitPolicy() == SnapshotLimitPolicy.FAIL);
  }
}
