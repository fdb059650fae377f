// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.FailureCause;
import io.viewexport.core.state.TaskEvent;

/** How an attempt ended. */
sealed interface AttemptEnd {

  /** It did its work. */
  record Done(TaskEvent event) implements AttemptEnd {}

  /** It failed; the event says whether there will be another. */
  record Failed(TaskEvent event, FailureCause cause) implements AttemptEnd {}

  /** It ended without effect and without failure. */
  record Freed(TaskEvent event) implements AttemptEnd {}

  /** Its lease is lost: there is nothing to say any more. */
  record Lost() implements AttemptEnd {}
}
