// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

import io.viewexport.api.view.NextSince;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A job as the store has it at one moment. All times are the store's clock.
 *
 * @param id its id
 * @param request what was asked for
 * @param state where it is
 * @param createdAt when it was accepted
 * @param startedAt when its first task was taken up
 * @param endedAt when it reached a final state
 * @param outputs one for each view, in the order of the request
 * @param failure why it failed
 * @param cleanup whether what it left behind is gone
 * @param cleanupFailure why the last clean-up failed, where it did
 * @param queuePosition for a job that no server has taken up: its place, from 1, among the jobs of
 *     all clients that wait, in the order of their arrival; a later one can be taken up first where
 *     a limit holds this one back, or its kind's servers are busy
 * @param cancelRequested whether it was asked to end before it did so by itself; it may be {@code
 *     COMPLETED} all the same, where the cancel came too late
 * @param snapshotMode which state of the database the rows come from: the one asked for, but for a
 *     shared snapshot that could not be held for long enough, where the host has its jobs go on
 */
public record ExportJob(
    JobId id,
    ExportRequest request,
    JobState state,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    List<ExportOutput> outputs,
    Optional<ExportFailure> failure,
    CleanupState cleanup,
    Optional<FailureCause> cleanupFailure,
    OptionalInt queuePosition,
    boolean cancelRequested,
    SnapshotMode snapshotMode) {

  /**
   * Copies the outputs.
   *
   * @param id its id
   * @param request what was asked for
   * @param state where it is
   * @param createdAt when it was accepted
   * @param startedAt when its first task was taken up
   * @param endedAt when it reached a final state
   * @param outputs one for each view, in the order of the request
   * @param failure why it failed
   * @param cleanup whether what it left behind is gone
   * @param cleanupFailure why the last clean-up failed, where it did
   * @param queuePosition its place, from 1, among the jobs that wait; empty once it was taken up
   * @param cancelRequested whether it was asked to end before it did so by itself
   * @param snapshotMode which state of the database the rows come from
   */
  public ExportJob {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(endedAt, "endedAt");
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(cleanup, "cleanup");
    Objects.requireNonNull(cleanupFailure, "cleanupFailure");
    Objects.requireNonNull(queuePosition, "queuePosition");
    Objects.requireNonNull(snapshotMode, "snapshotMode");
    outputs = List.copyOf(outputs);
  }

  /**
   * {@return what the next incremental export of all these views has to pass as {@code since}, or
   * why that can't be known; there once all are merged}
   */
  public NextSince nextSince() {
    return outputs.stream()
        .map(ExportOutput::nextSince)
        .reduce(NextSince::and)
        .orElse(NextSince.PENDING);
  }
}
