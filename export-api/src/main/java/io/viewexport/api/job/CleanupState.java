// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.job;

/** Whether what a job left behind (staging, above all) is gone. */
public enum CleanupState {
  /** The job is not at its end yet. */
  NOT_DUE,
  /** Under way, or waiting for a retry or for the grace time of workers that may be frozen. */
  OPEN,
  /** Done. */
  DONE,
  /** Given up after repeated failures; a later sweep may still do it. */
  FAILED
}
