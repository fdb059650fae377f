// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.plan.ExportPlanner;
import io.viewexport.core.state.TaskEvent;

/** Plans a job that was submitted where its backend is not. */
final class PlanStep implements TaskStep {
  private final ExportPlanner planner;

  PlanStep(ExportPlanner planner) {
    this.planner = planner;
  }

  @Override
  public TaskEvent run(Attempt attempt) {
    return new TaskEvent.Planned(planner.plan(attempt.job().request()).orElseThrow());
  }
}
