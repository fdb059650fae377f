// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.TaskId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what a service says. */
final class NotedEvents implements ExportListener {
  final List<String> notes = new CopyOnWriteArrayList<>();

  @Override
  public void jobAccepted(ExportJob job) {
    notes.add("accepted");
  }

  @Override
  public void jobEnded(JobId job, JobState state) {
    notes.add("ended " + state.code());
  }

  @Override
  public void attemptFailed(TaskId task, int attempt, FailureCause cause) {
    notes.add("failed " + task.type() + " " + cause.kind() + " " + cause.code());
  }

  @Override
  public void leaseLost(TaskId task, int attempt) {
    notes.add("lost " + task.type());
  }

  @Override
  public void cleanupFailed(JobId job, FailureCause cause) {
    notes.add("cleanup failed " + cause.code());
  }

  @Override
  public void unhealthy(String errorClass) {
    notes.add("unhealthy " + errorClass);
  }
}
