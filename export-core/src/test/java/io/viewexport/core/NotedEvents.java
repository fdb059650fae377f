// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.TaskType;
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
  public void attemptEnded(AttemptReport report) {
    TaskType type = report.task().type();
    switch (report.result()) {
      case FAILED -> {
        FailureCause cause = report.failure().orElseThrow();
        notes.add("failed " + type + " " + cause.kind() + " " + cause.code());
      }
      case LEASE_LOST -> notes.add("lost " + type);
      case DONE, RELEASED -> {}
    }
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
