// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.FailureCause;

/** What happens to a job as a whole. */
public sealed interface JobEvent {

  /** A client asked to cancel it. */
  record CancelRequested() implements JobEvent {}

  /**
   * For too long no server had a backend of its kind. What is not begun is not begun any more; a
   * merge in doubt stays unknown. A job that is being cancelled is cancelled without its clean-up,
   * which stays to be done.
   *
   * @param cause what to tell the client
   */
  record Unserved(FailureCause cause) implements JobEvent {}

  /**
   * Its chunks can't be read under one snapshot, and not otherwise: it fails.
   *
   * @param cause what to tell the client
   */
  record SnapshotGivenUp(FailureCause cause) implements JobEvent {}
}
