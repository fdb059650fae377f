// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.core.state.TaskEvent.ChunkExported;
import io.viewexport.core.state.TaskEvent.GaveUp;
import io.viewexport.core.state.TaskEvent.Planned;
import io.viewexport.core.state.TaskEvent.Released;
import io.viewexport.core.state.TaskEvent.RetryLater;
import io.viewexport.core.state.TaskEvent.SetUp;
import io.viewexport.core.state.TaskEvent.Stopped;
import java.time.Duration;

/** What the end of an attempt at a {@code PLAN}, {@code SETUP} or {@code CHUNK} leads to. */
final class WorkRules {
  private WorkRules() {}

  static Transition on(TaskEvent event, JobSnapshot job, TaskSnapshot task) {
    boolean stopping = job.stop() != StopCause.NONE;
    TaskChange skipped = TaskChange.of(task, TaskState.SKIPPED);
    if (event instanceof Planned planned && task.type() == TaskType.PLAN) {
      return stopping
          ? Transition.only(skipped)
          : Transition.planned(planned.plan(), TaskChange.of(task, TaskState.DONE));
    }
    if (event instanceof SetUp && task.type() == TaskType.SETUP) {
      return Transition.only(TaskChange.of(task, TaskState.DONE));
    }
    if (event instanceof ChunkExported exported && task.type() == TaskType.CHUNK) {
      if (exported.origin().snapshotGeneration() != job.snapshotGeneration()) {
        return Transition.only(stopping ? skipped : TaskChange.again(task, Duration.ZERO));
      }
      return Transition.only(
          TaskChange.of(task, TaskState.DONE).withReceipt(exported.receipt(), exported.origin()));
    }
    if (event instanceof RetryLater retry) {
      return Transition.only(
          (stopping ? skipped : TaskChange.again(task, retry.delay())).withFailure(retry.cause()));
    }
    if (event instanceof GaveUp given) {
      return stopping
          ? Transition.only(skipped.withFailure(given.cause()))
          : Transition.failure(TaskChange.of(task, TaskState.FAILED).withFailure(given.cause()));
    }
    if (event instanceof Released released) {
      return Transition.only(stopping ? skipped : TaskChange.again(task, released.delay()));
    }
    if (event instanceof Stopped) {
      return Transition.only(stopping ? skipped : TaskChange.again(task, Duration.ZERO));
    }
    return Transition.NONE;
  }
}
