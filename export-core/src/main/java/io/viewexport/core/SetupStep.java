// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.JobStore;

/** Has the backend prepare for a view. */
final class SetupStep implements TaskStep {
  private final JobStore store;

  SetupStep(JobStore store) {
    this.store = store;
  }

  @Override
  public TaskEvent run(Attempt attempt) {
    attempt.backend().setupExport(new Context(attempt, store));
    return new TaskEvent.SetUp();
  }

  private static final class Context extends AttemptContext implements SetupContext {
    private final ExportView view;

    Context(Attempt attempt, JobStore store) {
      super(attempt, store);
      view = attempt.view();
    }

    @Override
    public ExportView view() {
      return view;
    }
  }
}
