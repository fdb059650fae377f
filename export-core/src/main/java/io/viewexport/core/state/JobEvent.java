// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

/** What happens to a job as a whole. */
public sealed interface JobEvent {

  /** A client asked to cancel it. */
  record CancelRequested() implements JobEvent {}
}
