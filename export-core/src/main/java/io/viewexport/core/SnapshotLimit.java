// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.store.JobStore;
import java.time.Duration;

/** Ends jobs, or their sharing, whose snapshot can't be held: for too long, or again and again. */
final class SnapshotLimit {
  /** Each is a start from the beginning. */
  private static final int MOST_GENERATIONS = 10;

  private final JobStore store;
  private final ExportConfig config;
  private final Events events;

  SnapshotLimit(JobStore store, ExportConfig config, Events events) {
    this.store = store;
    this.config = config;
    this.events = events;
  }

  /** Whether a snapshot was held for long enough; what follows for its job is done. */
  boolean ends(JobId job, int generation, Duration heldFor) {
    if (heldFor.compareTo(config.snapshotLimit()) < 0) {
      return false;
    }
    switch (config.snapshotLimitPolicy()) {
      case FALL_BACK -> store.snapshots().fallBack(job, generation);
      case FAIL ->
          giveUp(
              job,
              "snapshot-held-too-long",
              ("The shared snapshot was held for %s, as long as this host allows, and not all"
                      + " chunks were read; export with snapshotMode per-chunk, or allow more by"
                      + " snapshotLimit.")
                  .formatted(config.snapshotLimit()));
    }
    return true;
  }

  /** Whether a job has had so many snapshots that there will be no other; it fails then. */
  boolean endsAfter(JobId job, int generation) {
    if (generation < MOST_GENERATIONS) {
      return false;
    }
    giveUp(
        job,
        "snapshot-lost-too-often",
        ("The shared snapshot was lost %d times; check that servers stay up, that nothing ends idle"
                + " transactions, and that all servers read from the same database server.")
            .formatted(generation));
    return true;
  }

  private void giveUp(JobId job, String code, String message) {
    FailureCause cause = new FailureCause(FailureKind.PERMANENT, code, message);
    WatchedDecision decision =
        new WatchedDecision(JobStateMachine.on(new JobEvent.SnapshotGivenUp(cause)));
    store.update(job, decision);
    decision.state().ifPresent(state -> events.jobStateChanged(job, state));
  }
}
