// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Keeps jobs and their tasks, and leases the tasks to workers. Each call is atomic and durable when
 * it returns. All times are the store's own clock. Safe for use by many threads and many servers.
 *
 * <p>Calls throw {@link JobStoreException} where the store can't be reached; then nothing is known
 * of the call's effect, and each may be repeated.
 */
public interface JobStore extends AutoCloseable {

  /**
   * Stores a job with all its tasks, the first stage {@code READY} (where it is held back: all
   * {@code WAITING}), unless an unfinished job has the same principal and idempotency key.
   *
   * @return the id of the job that is stored now: the given one, or the unfinished one's
   */
  JobId create(NewJob job);

  /**
   * The unfinished job of a principal and idempotency key: what {@link #create} would give back. A
   * store that does not say gives none.
   */
  default Optional<JobId> findUnfinished(Optional<String> principal, String idempotencyKey) {
    return Optional.empty();
  }

  /** A job as clients see it. */
  Optional<ExportJob> find(JobId id);

  /** Jobs as clients see them, newest first. */
  List<ExportJob> list(JobFilter filter);

  /** A job as a worker needs it. */
  Optional<StoredJob> load(JobId id);

  /**
   * Lets jobs begin that are held back, the oldest first, as long as none of their principals then
   * has more than this number of jobs that were let begin and are unfinished. No principal is one,
   * too.
   *
   * @param jobsPerPrincipal empty: no limit, every job may begin
   * @return how many were let begin
   */
  int admit(OptionalInt jobsPerPrincipal);

  /**
   * Leases tasks: those that are due, and those whose lease has run out (counted as a lost lease; a
   * {@code FINALIZE} is then in doubt). The first claim moves the job from {@code ACCEPTED} to
   * {@code IN_PROGRESS} and sets the time of its start. Never two {@code FINALIZE} of one exclusion
   * key that are begun and not at their end. Claims are fair between jobs: a job with many tasks
   * that are due does not keep one with few from its share.
   *
   * @return at most {@code limit} tasks; each has a token one larger than any before
   */
  List<ClaimedTask> claim(ClaimRequest request);

  /**
   * Prolongs leases to {@code lease} from now and notes their progress.
   *
   * @return for each lease what was found
   */
  Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease);

  /**
   * Stores a checkpoint, if the lease is still held.
   *
   * @return whether it was
   */
  boolean saveCheckpoint(Lease lease, String checkpoint);

  /**
   * Ends a lease by what the decision makes of it, if it is still held: the task, the counters and
   * the job change in one transaction. A lease that ran out is held until another claim. Where the
   * decision is that nothing changes, the lease goes on.
   *
   * <p>Where the lease was ended by an earlier call with it, nothing changes and the answer is as
   * it was then: so a call whose answer was lost can be repeated.
   *
   * @return whether it was held, now or at the earlier call
   */
  boolean settle(Lease lease, Decision decision);

  /**
   * Applies an event that is about the job itself.
   *
   * @return whether there is such a job
   */
  boolean update(JobId id, Decision decision);

  /** The receipts of the chunks of a view that are done, by chunk number. */
  List<AcceptedReceipt> receipts(JobId id, int view);

  /** What there is to clean up of a job, one for each view that was planned. */
  List<CancelContext.EndedView> endedViews(JobId id);

  /**
   * Removes jobs that reached a final state, and whose clean-up came to its end, longer ago than
   * this; the oldest first.
   *
   * @param limit the most to remove by this call
   * @return how many
   */
  int purge(Duration retention, int limit);

  /**
   * Gives a duty, which one server at a time has for all, to a worker: where nobody has it, whoever
   * had it let it run out, or it is the worker's already.
   *
   * @param duty its name
   * @param lease for how long from now
   * @return whether the worker has it now
   */
  boolean takeDuty(String duty, String worker, Duration lease);

  /**
   * Notes that a server is alive, and which kinds it has a backend for.
   *
   * @param worker the name that it claims by
   * @param validFor for how long from now that is to be believed; zero: it ends now
   */
  void announce(String worker, Set<String> kinds, Duration validFor);

  /** The jobs that nobody can work at, by what servers announced and by the leases held. */
  UnservedJobs unserved();

  /** The shared snapshots of its jobs. */
  SnapshotStore snapshots();

  /** What waits and what runs. */
  QueueStats stats();

  /** Frees what the store holds of its own. */
  @Override
  void close();
}
