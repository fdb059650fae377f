// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.JobId;
import java.time.Duration;
import java.util.Optional;

/**
 * Who holds the shared snapshots of jobs: one holder per job, by a lease. Each snapshot of a job
 * has a number, its generation; only receipts of the newest count. Each call is atomic and durable
 * when it returns; all may be repeated.
 *
 * <p>A holder takes no task's place: what is leased is the job's snapshot itself, so that a server
 * of an older version, which knows no snapshots, has nothing to claim.
 */
public interface SnapshotStore {

  /** How the chunks of a job are to be read; empty where there is no such job. */
  Optional<SnapshotState> find(JobId id);

  /**
   * Makes a snapshot the job's newest: its generation is one larger than any before, and the
   * receipts of those before are void: their chunks are {@code READY} again. Nothing changes where
   * another snapshot is held by a lease that lasts, where the job is ending or has fallen back, or
   * where no chunk of it is left.
   *
   * @param worker who holds it
   * @param lease for how long from now
   * @return its generation; empty where nothing changed
   */
  Optional<Integer> open(JobId id, HeldSnapshot snapshot, String worker, Duration lease);

  /**
   * Prolongs a holder's lease.
   *
   * @return for how long the snapshot has been held; empty where it is not wanted any more: it was
   *     ended, another has followed, no chunk is left or the job is ending
   */
  Optional<Duration> renew(JobId id, int generation, String worker, Duration lease);

  /** Ends a snapshot, by whoever knows that it is gone; another may follow at once. */
  void end(JobId id, int generation);

  /**
   * Has a job go on without a shared snapshot: receipts stay, and what is left is read chunk by
   * chunk, each under a snapshot of its own. Its generation is 0 from then on.
   */
  void fallBack(JobId id, int generation);
}
