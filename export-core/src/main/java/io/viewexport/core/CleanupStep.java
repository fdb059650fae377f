// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.JobStore;
import java.time.Duration;
import java.util.List;

/** Has the backend remove what a job left behind. */
final class CleanupStep implements TaskStep {
  private final JobStore store;
  private final Duration grace;

  CleanupStep(JobStore store, Duration grace) {
    this.store = store;
    this.grace = grace;
  }

  @Override
  public TaskEvent run(Attempt attempt) {
    List<CancelContext.EndedView> views =
        Patience.whileWanted(attempt.held(), () -> store.endedViews(attempt.job().id()));
    attempt.backend().cancelExport(new Context(attempt, store, views));
    return new TaskEvent.CleanedUp(grace);
  }

  private static final class Context extends AttemptContext implements CancelContext {
    private final JobState outcome;
    private final List<EndedView> views;

    Context(Attempt attempt, JobStore store, List<EndedView> views) {
      super(attempt, store);
      outcome = attempt.job().state();
      this.views = List.copyOf(views);
    }

    @Override
    public JobState outcome() {
      return outcome;
    }

    @Override
    public List<EndedView> views() {
      return views;
    }
  }
}
