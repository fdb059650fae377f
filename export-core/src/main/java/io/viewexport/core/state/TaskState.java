// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

/** Where a task is. */
public enum TaskState {
  /** Its turn has not come: an earlier stage is not done. */
  WAITING,
  /** To be taken up, once it is due. */
  READY,
  /** A worker holds it. */
  LEASED,
  /** Done; a chunk of a shared snapshot that is lost is to be done once more. */
  DONE,
  /** Given up. */
  FAILED,
  /** Not needed any more: the job was cancelled or failed elsewhere. */
  SKIPPED;

  /** Whether the task stays in this state for good. */
  public boolean isFinal() {
    return this == DONE || this == FAILED || this == SKIPPED;
  }
}
