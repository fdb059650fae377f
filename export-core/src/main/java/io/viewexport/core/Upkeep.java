// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.UnservedJobs;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * What a server does for the cluster beside tasks: it says that it is alive, lets jobs begin, ends
 * those that nobody can work at, and removes old ones. One thread at a time calls {@link #run}.
 */
final class Upkeep {
  private static final String PURGE = "purge";
  private static final Duration PURGE_LEASE = Duration.ofMinutes(10);
  private static final Duration PURGE_INTERVAL = Duration.ofHours(1);
  private static final int PURGED_AT_ONCE = 100;

  private final JobStore store;
  private final ExportConfig config;
  private final Events events;
  private final String worker;
  private final Set<String> kinds;
  private final LongSupplier nanoTime;
  private final Due announcement;
  private final Due purge;

  /** The jobs that nobody can work at, and since when this server has seen that. */
  private final Map<JobId, Long> unservedSince = new HashMap<>();

  Upkeep(
      JobStore store,
      ExportConfig config,
      Events events,
      String worker,
      Set<String> kinds,
      LongSupplier nanoTime) {
    this.store = store;
    this.config = config;
    this.events = events;
    this.worker = worker;
    this.kinds = Set.copyOf(kinds);
    this.nanoTime = nanoTime;
    announcement = new Due(config.leaseDuration().dividedBy(3));
    purge = new Due(PURGE_INTERVAL);
  }

  /** One turn; what is not due is left out. Whatever else fails, the others know of this server. */
  void run() {
    announcement.runIfDue(
        () -> {
          store.announce(worker, kinds, config.leaseDuration());
          endUnserved();
        });
    admit();
    purge.runIfDue(this::purge);
  }

  /** Lets jobs begin that were held back, as far as this server's limit allows. */
  void admit() {
    store.admit(config.jobsPerPrincipal());
  }

  /** Takes the announcement back, if there was one. */
  void leave() {
    if (announcement.isDone()) {
      store.announce(worker, kinds, Duration.ZERO);
    }
  }

  /**
   * Judged by how long this server itself has seen it: after an outage of the whole cluster, the
   * first server that is back does not end the jobs of those that are still to come.
   */
  private void endUnserved() {
    UnservedJobs found = store.unserved();
    long now = nanoTime.getAsLong();
    unservedSince.keySet().retainAll(Set.copyOf(found.jobs()));
    for (JobId job : found.jobs()) {
      long since = unservedSince.computeIfAbsent(job, first -> now);
      if (now - since >= config.unservedTimeout().toNanos()) {
        end(job, found.served());
      }
    }
  }

  private void end(JobId id, Set<String> served) {
    Optional<ExportJob> job = store.find(id);
    if (job.isPresent()) {
      FailureCause cause = unserved(job.get().request().kind(), served);
      WatchedDecision decision =
          new WatchedDecision(JobStateMachine.on(new JobEvent.Unserved(cause)));
      store.update(id, decision);
      decision.state().ifPresent(state -> events.jobStateChanged(id, state));
    }
  }

  private FailureCause unserved(String kind, Set<String> served) {
    String text =
        "No server with a backend of kind \"%s\" has been there for %s; kinds served: %s. Start a"
            + " server that has it, or ask for one of these.";
    String known = served.isEmpty() ? "none" : String.join(", ", new TreeSet<>(served));
    return new FailureCause(
        FailureKind.PERMANENT,
        "kind-not-served",
        text.formatted(kind, config.unservedTimeout(), known));
  }

  private void purge() {
    int purged = PURGED_AT_ONCE;
    while (purged == PURGED_AT_ONCE && store.takeDuty(PURGE, worker, PURGE_LEASE)) {
      purged = store.purge(config.retention(), PURGED_AT_ONCE);
    }
  }

  /** Something that is done from time to time; what fails is due again at once. */
  private final class Due {
    private final long interval;
    private volatile Optional<Long> doneAt = Optional.empty();

    Due(Duration interval) {
      this.interval = interval.toNanos();
    }

    boolean isDone() {
      return doneAt.isPresent();
    }

    void runIfDue(Runnable work) {
      long now = nanoTime.getAsLong();
      if (doneAt.isEmpty() || now - doneAt.get() >= interval) {
        work.run();
        doneAt = Optional.of(now);
      }
    }
  }
}
