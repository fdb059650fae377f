// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportView;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.StoredJob;
import io.viewexport.core.store.TaskId;

/** An attempt at a task, with all that it works with. */
record Attempt(
    ClaimedTask claim, StoredJob job, ExportBackend backend, HeldLease held, Events events) {

  TaskId task() {
    return claim.lease().task();
  }

  /** The view that the task is about. */
  ExportView view() {
    return job.views().get(task().view());
  }
}
