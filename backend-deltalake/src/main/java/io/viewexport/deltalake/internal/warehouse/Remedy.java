// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

/** What helps after a statement that failed. */
enum Remedy {
  /** Nothing that could be done without people. */
  NONE,
  /** Another attempt, later. */
  WAIT,
  /** The same statement anew: another writer was first. */
  REPEAT,
  /** The same statement anew, with more time to begin. */
  MORE_TIME,
  /** Looking at the target's columns anew, once. */
  LOOK_AGAIN,
  /** Nothing: what it was for is done already. */
  DONE
}
