// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

/** Why a job is being brought to an end before it is complete. */
public enum StopCause {
  /** It is not. */
  NONE,
  /** A client asked. */
  CANCEL,
  /** A task was given up. */
  FAILURE
}
