// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.GroupMembers;
import io.viewexport.api.view.ViewAdvice;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.store.JobFilter;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.QueueStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs exports: takes requests, keeps their state in a store that a whole cluster may share, and
 * works at the tasks of every server's jobs. Safe for use by many threads.
 *
 * <p>The host closes the service before it closes the store, the source and the backends: they stay
 * the host's.
 */
public final class ExportService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExportService.class);

  private enum Phase {
    NEW,
    STARTED,
    CLOSED
  }

  private final ServiceParts parts;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);

  private ExportService(ServiceParts parts) {
    this.parts = parts;
  }

  /** Starts a service; a store and a source are needed. */
  public static Builder builder() {
    return new Builder();
  }

  /** Begins to work at tasks. A service that is not started takes requests for others to run. */
  public void start() {
    if (!phase.compareAndSet(Phase.NEW, Phase.STARTED)) {
      throw new IllegalStateException("a service is started once, before it is closed");
    }
    parts.engine().start();
  }

  /**
   * Plans and stores an export. An unfinished job of the same principal, idempotency key and
   * request is given back instead.
   *
   * @throws ExportRefusedException with every problem of the request
   * @throws io.viewexport.api.ExportException where the source or the target can't be asked
   * @throws io.viewexport.core.store.JobStoreException where the store can't be reached
   */
  public ExportJob submit(ExportRequest request) {
    Optional<ExportJob> running = running(request);
    if (running.isPresent()) {
      return sameRequest(running.get(), request);
    }
    Optional<PlannedExport> plan = parts.planner().plan(request);
    boolean heldBack = parts.config().jobsPerPrincipal().isPresent();
    NewJob job = new NewJob(JobId.random(), request, plan, heldBack);
    JobId stored = create(job);
    if (heldBack) {
      admit();
    }
    ExportJob found = parts.store().find(stored).orElseThrow(ExportService::vanished);
    if (!stored.equals(job.id())) {
      return sameRequest(found, request);
    }
    parts.events().jobAccepted(found);
    parts.engine().wake();
    return found;
  }

  /** Where that fails now, the upkeep of some server will do it. */
  private void admit() {
    try {
      parts.upkeep().admit();
    } catch (JobStoreException trouble) {
      LOG.debug("a new job waits for the next upkeep: {}", trouble.getClass().getName());
    }
  }

  /**
   * Every problem that {@link #submit} would refuse a request for now; stores nothing.
   *
   * @return the problems in the order found; empty where there is none
   * @throws io.viewexport.api.ExportException where the source or the target can't be asked
   */
  public List<ExportIssue> check(ExportRequest request) {
    try {
      parts.planner().plan(request);
      return List.of();
    } catch (ExportRefusedException refused) {
      return refused.issues();
    }
  }

  /**
   * Stores a request as a job that has failed: for clients that are to hear of a refusal by the
   * status of a job. Nothing of the request is planned or run.
   *
   * @param why what to tell the client
   * @throws io.viewexport.core.store.JobStoreException where the store can't be reached
   */
  public ExportJob submitFailed(ExportRequest request, FailureCause why) {
    NewJob job = new NewJob(JobId.random(), request, Optional.empty(), true);
    JobId stored = create(job);
    if (stored.equals(job.id())) {
      parts.events().jobAccepted(parts.store().find(stored).orElseThrow(ExportService::vanished));
      WatchedDecision decision =
          new WatchedDecision(JobStateMachine.on(new JobEvent.Unserved(why)));
      parts.store().update(stored, decision);
      decision.state().ifPresent(state -> parts.events().jobStateChanged(stored, state));
    }
    return sameRequest(parts.store().find(stored).orElseThrow(ExportService::vanished), request);
  }

  /** The unfinished job of a principal and idempotency key, which {@link #submit} gives back. */
  public Optional<ExportJob> findUnfinished(Optional<String> principal, String idempotencyKey) {
    return parts.store().findUnfinished(principal, idempotencyKey).flatMap(parts.store()::find);
  }

  /**
   * The columns of a relation, as planning sees them.
   *
   * @throws ExportRefusedException where it is missing or can't be exported, with every problem
   * @throws io.viewexport.api.ExportException where the source can't be asked
   */
  public DescribedView describeView(ViewName view) {
    return parts.source().describeView(view);
  }

  /**
   * Whether jobs of {@link io.viewexport.api.job.SnapshotMode#SHARED} can run here: the source
   * shares snapshots, and the pool has a connection for one beside that of a chunk.
   */
  public boolean sharesSnapshots() {
    return parts.source().sharesSnapshots() && parts.config().chunkBudget() > 1;
  }

  /** The backends of this server, by kind, with the parameters that each declares. */
  public Map<String, List<BackendParameter>> backendParameters() {
    return parts.declared();
  }

  /** How this server's engine works. */
  public ExportConfig config() {
    return parts.config();
  }

  /**
   * What makes a view slow or unsafe to export with these options, for the one who writes it.
   * Nothing of it keeps an export from running.
   *
   * @throws ExportRefusedException where it can't be exported at all
   * @throws io.viewexport.api.ExportException where the source can't be asked
   */
  public List<ViewAdvice> adviseOn(ViewName view, ViewOptions options) {
    ViewSettings settings = options.resolve(ViewOptions.UNSET);
    return parts.planner().adviseOn(view, settings);
  }

  /** A job as it stands. */
  public Optional<ExportJob> find(JobId id) {
    return parts.store().find(id);
  }

  /** Jobs as they stand, newest first. */
  public List<ExportJob> list(JobFilter filter) {
    return parts.store().list(filter);
  }

  /**
   * Asks a job to end. Any number of times; a job at its end is left as it is.
   *
   * @return the job as it stands now; empty where it is not known
   */
  public Optional<ExportJob> cancel(JobId id) {
    WatchedDecision decision =
        new WatchedDecision(JobStateMachine.on(new JobEvent.CancelRequested()));
    if (!parts.store().update(id, decision)) {
      return Optional.empty();
    }
    decision.state().ifPresent(state -> parts.events().jobStateChanged(id, state));
    parts.engine().renewSoon();
    parts.engine().wake();
    return parts.store().find(id);
  }

  /** Whether no error of the JVM has reached a task; once false, the host should restart. */
  public boolean isHealthy() {
    return parts.health().isHealthy();
  }

  /**
   * What waits and what runs over the whole cluster.
   *
   * @throws io.viewexport.core.store.JobStoreException where the store can't be reached
   */
  public QueueStats stats() {
    return parts.store().stats();
  }

  /** What this server does and has done. Asks no store. */
  public ServerActivity activity() {
    return parts.keeper().activity();
  }

  /**
   * Takes one due task, if there is one, and runs it on the calling thread: for tests and hosts
   * that have threads of their own. The service need not be started; then leases are renewed by
   * {@link #maintain()} alone, and a task that outlasts its lease is stopped.
   *
   * @return whether there was one
   * @throws io.viewexport.core.store.JobStoreException where the store can't be reached
   */
  public boolean runOnce() {
    if (phase.get() == Phase.CLOSED) {
      throw new IllegalStateException("the service is closed");
    }
    return parts.claimer().runOne();
  }

  /**
   * Does once what the threads of a started service do by themselves beside tasks: renews the
   * leases held, stops work whose lease may be lost or that stands still, lets waiting jobs begin,
   * says that this server is alive, ends jobs whose kind nobody serves, and removes old ones. For
   * hosts that call {@link #runOnce()}; one thread at a time, never on a started service.
   *
   * @throws IllegalStateException where the service is started or closed
   * @throws io.viewexport.core.store.JobStoreException where the store can't be reached
   */
  public void maintain() {
    if (phase.get() != Phase.NEW) {
      throw new IllegalStateException("only a service that is not started is maintained by hand");
    }
    parts.keeper().renew();
    parts.snapshots().renew();
    parts.keeper().watch();
    parts.upkeep().run();
  }

  /**
   * Stops claiming, lets running tasks end for the time that {@link ExportConfig#shutdownGrace()}
   * allows, tells the rest to stop and gives their leases back. Any number of times.
   */
  @Override
  public void close() {
    Phase before = phase.getAndSet(Phase.CLOSED);
    if (before != Phase.CLOSED) {
      parts.engine().close(before == Phase.STARTED);
    }
  }

  /**
   * Looked for before planning: a view that has changed since must not refuse the repetition. What
   * no store can hold is not there; planning refuses it.
   */
  private Optional<ExportJob> running(ExportRequest request) {
    return request
        .idempotencyKey()
        .filter(key -> key.indexOf('\0') < 0)
        .filter(key -> request.principal().filter(id -> id.indexOf('\0') >= 0).isEmpty())
        .flatMap(key -> findUnfinished(request.principal(), key));
  }

  /** Once more where the answer may be lost: by its id a job is stored once. */
  private JobId create(NewJob job) {
    try {
      return parts.store().create(job);
    } catch (JobStoreException noAnswer) {
      try {
        return parts.store().create(job);
      } catch (JobStoreException again) {
        again.addSuppressed(noAnswer);
        throw again;
      }
    }
  }

  private static ExportJob sameRequest(ExportJob found, ExportRequest request) {
    if (found.request().equals(request)) {
      return found;
    }
    String text =
        "The idempotency key belongs to job %s, which asked for something else; use a new key."
            .formatted(found.id());
    throw new ExportRefusedException(
        List.of(ExportIssue.of("idempotency-key-reused", text, "idempotencyKey")));
  }

  private static JobStoreException vanished() {
    return new JobStoreException("The job was removed as soon as it was stored.", null);
  }

  /** Collects what a service is made of. */
  public static final class Builder {
    private final Map<String, ExportBackend> backends = new HashMap<>();
    private final List<ExportListener> listeners = new ArrayList<>();
    private @Nullable JobStore store;
    private @Nullable ViewSource source;
    private ExportConfig config = ExportConfig.standard();
    private LongSupplier nanoTime = System::nanoTime;
    private Optional<GroupMembers> groups = Optional.empty();

    private Builder() {}

    /** Where jobs are kept. */
    public Builder store(JobStore jobStore) {
      store = jobStore;
      return this;
    }

    /** Where rows come from. */
    public Builder source(ViewSource viewSource) {
      source = viewSource;
      return this;
    }

    /**
     * Adds a backend.
     *
     * @throws IllegalArgumentException where there is one of its kind already
     */
    public Builder backend(ExportBackend backend) {
      if (backends.putIfAbsent(backend.kind(), backend) != null) {
        throw new IllegalArgumentException("two backends of kind " + backend.kind());
      }
      return this;
    }

    /** How the engine works; default {@link ExportConfig#standard()}. */
    public Builder config(ExportConfig settings) {
      config = settings;
      return this;
    }

    /** Adds a listener. */
    public Builder listener(ExportListener listener) {
      listeners.add(listener);
      return this;
    }

    /**
     * Who belongs to which group, for requests that filter by group; without it they are refused.
     * Set it alike on all servers: each may plan.
     */
    public Builder groupMembers(GroupMembers members) {
      groups = Optional.of(members);
      return this;
    }

    /** The monotonic clock, in nanoseconds, for tests that step it; default the JVM's. */
    public Builder nanoTime(LongSupplier clock) {
      nanoTime = clock;
      return this;
    }

    /** The service, not started; throws {@link IllegalStateException} without store or source. */
    public ExportService build() {
      if (store == null || source == null) {
        throw new IllegalStateException("a service needs a store and a source");
      }
      return new ExportService(
          ServiceParts.of(
              new ServiceParts.Given(
                  store, source, Map.copyOf(backends), config, listeners, nanoTime, groups)));
    }
  }
}
