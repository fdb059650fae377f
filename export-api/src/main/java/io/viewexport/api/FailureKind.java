// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

/** What is known about the effect of a call that failed. */
public enum FailureKind {
  /** Surely not applied; may work later. The engine waits, then makes a new attempt. */
  RETRYABLE,
  /** Surely not applied, and never will be. The engine fails the task, then the job. */
  PERMANENT,
  /**
   * May have been applied: the answer to a commit or a submit was lost. The next attempt gets the
   * checkpoint and must find out first; nothing is cleaned up meanwhile.
   */
  OUTCOME_UNKNOWN
}
