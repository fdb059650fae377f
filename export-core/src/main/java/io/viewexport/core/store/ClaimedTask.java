// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.StopCause;
import java.util.Optional;

/**
 * A task that a worker has just claimed.
 *
 * @param lease the worker's right to it
 * @param kind the kind of its job
 * @param failures how many attempts at it have failed
 * @param lostLeases how many of its leases ran out, this claim's predecessor included
 * @param inDoubt for {@code FINALIZE}: see {@link io.viewexport.core.state.TaskSnapshot#inDoubt}
 * @param stop whether and why the job is being brought to an end
 * @param checkpoint what the last attempt saved
 * @param slice for {@code CHUNK}: which part of the view
 * @param snapshotGeneration which shared snapshot the job is at; 0 where each chunk has its own
 * @param startsJob whether this claim is the one that moved the job to {@code IN_PROGRESS}
 */
public record ClaimedTask(
    Lease lease,
    String kind,
    int failures,
    int lostLeases,
    boolean inDoubt,
    StopCause stop,
    Optional<String> checkpoint,
    Optional<ViewSlice> slice,
    int snapshotGeneration,
    boolean startsJob) {

  /** The same claim, as the one that moved the job to {@code IN_PROGRESS}. */
  public ClaimedTask asFirst() {
    return new ClaimedTask(
        lease,
        kind,
        failures,
        lostLeases,
        inDoubt,
        stop,
        checkpoint,
        slice,
        snapshotGeneration,
        true);
  }
}
