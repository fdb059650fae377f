// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api;

/** Why running work is told to stop. */
public enum StopReason {
  /** The job is being cancelled, or has failed elsewhere. */
  JOB_ENDING,
  /** This worker's lease has ended or may have: another worker may already be at the same task. */
  LEASE_LOST,
  /** This server is shutting down; another will take the task up. */
  SHUTDOWN,
  /** The task made no progress for the time the host allows. */
  STALLED
}
