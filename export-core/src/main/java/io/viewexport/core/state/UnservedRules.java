// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobState;
import java.util.Optional;

/** What becomes of a job that no server can work at. */
final class UnservedRules {
  private UnservedRules() {}

  static Transition on(JobEvent.Unserved event, JobSnapshot job) {
    Optional<ExportFailure> failure = Optional.of(failure(event.cause()));
    return switch (job.stop()) {
      case NONE -> Transition.unserved(Optional.of(StopCause.FAILURE), failure);
      case FAILURE -> Transition.unserved(Optional.empty(), Optional.empty());
      case CANCEL ->
          Gates.workOver(job)
              ? Transition.advance(Optional.empty(), Optional.of(JobState.CANCELLED))
              : Transition.unserved(Optional.empty(), failure);
    };
  }

  private static ExportFailure failure(FailureCause cause) {
    return new ExportFailure("waiting for a server", 0, cause, cause);
  }
}
