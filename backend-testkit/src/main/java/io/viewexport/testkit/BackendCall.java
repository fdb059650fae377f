// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.JobId;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A call of a backend, as faults and logs name it.
 *
 * @param kind which method
 * @param job the job; empty at planning
 * @param view the number of the view; -1 for calls that are about no single one
 * @param chunk the number of the chunk; -1 for calls that are about none
 * @param attempt the number of the attempt; 0 at planning
 */
public record BackendCall(Kind kind, Optional<JobId> job, int view, int chunk, int attempt) {

  /** The methods of a backend that an engine calls for jobs. */
  public enum Kind {
    /** {@code planExport}. */
    PLAN,
    /** {@code setupExport}. */
    SETUP,
    /** {@code exportChunk}. */
    CHUNK,
    /** {@code finalizeExport}. */
    FINALIZE,
    /** {@code cancelExport}. */
    CANCEL
  }

  /**
   * Checks that none is null.
   *
   * @param kind which method
   * @param job the job
   * @param view the number of the view
   * @param chunk the number of the chunk
   * @param attempt the number of the attempt
   */
  public BackendCall {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(job, "job");
  }

  /**
   * Every call of a method.
   *
   * @param kind the method
   * @return a condition that all its calls meet
   */
  public static Predicate<BackendCall> every(Kind kind) {
    return call -> call.kind == kind;
  }

  /**
   * An attempt at a method, whatever the view and chunk.
   *
   * @param kind the method
   * @param attempt number of the attempt, from 1
   * @return a condition that one call of each task meets
   */
  public static Predicate<BackendCall> attempt(Kind kind, int attempt) {
    return call -> call.kind == kind && call.attempt == attempt;
  }

  /**
   * An attempt at a chunk.
   *
   * @param view number of the view, from 0
   * @param chunk number of the chunk, from 0
   * @param attempt number of the attempt, from 1
   * @return a condition that one call of a job meets
   */
  public static Predicate<BackendCall> chunk(int view, int chunk, int attempt) {
    return call ->
        call.kind == Kind.CHUNK
            && call.view == view
            && call.chunk == chunk
            && call.attempt == attempt;
  }

  static BackendCall ofTask(Kind kind, JobId job, int view, int attempt) {
    return new BackendCall(kind, Optional.of(job), view, -1, attempt);
  }

  static BackendCall ofChunk(ChunkId chunk, int attempt) {
    return new BackendCall(
        Kind.CHUNK, Optional.of(chunk.job()), chunk.view(), chunk.chunk(), attempt);
  }
}
