// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.TaskId;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what happens and tells the listeners. */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(ExportService.class);

  private final List<ExportListener> listeners;
  private volatile Runnable afterJobEnd = () -> {};

  Events(List<ExportListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** What the engine itself does when a job ends. */
  void onJobEnd(Runnable action) {
    afterJobEnd = action;
  }

  void jobAccepted(ExportJob job) {
    LOG.info("job={} state={}", job.id(), JobState.ACCEPTED.code());
    tell(listener -> listener.jobAccepted(job));
  }

  void jobStateChanged(JobId job, JobState state) {
    LOG.info("job={} state={}", job, state.code());
    tell(listener -> listener.jobStateChanged(job, state));
    if (state.isFinal()) {
      afterJobEnd.run();
      tell(listener -> listener.jobEnded(job, state));
    }
  }

  void attemptStarted(ClaimedTask claim) {
    Lease lease = claim.lease();
    log("started", lease.task(), lease.token());
    if (claim.lostLeases() > 0) {
      LOG.info(
          "job={} attempt={} task={} started, after lostLeases={}",
          lease.task().job(),
          lease.token(),
          lease.task().type(),
          claim.lostLeases());
    }
    tell(listener -> listener.attemptStarted(claim.kind(), lease.task(), lease.token()));
  }

  void attemptEnded(AttemptReport report) {
    report.failure().ifPresentOrElse(cause -> logFailure(report, cause), () -> log(report));
    tell(listener -> listener.attemptEnded(report));
    if (report.failure().isPresent() && report.task().type() == TaskType.CLEANUP) {
      FailureCause cause = report.failure().get();
      tell(listener -> listener.cleanupFailed(report.task().job(), cause));
    }
  }

  private static void logFailure(AttemptReport report, FailureCause cause) {
    TaskId task = report.task();
    LOG.warn(
        "job={} view={} chunk={} attempt={} task={} failed: {} {}: {}",
        task.job(),
        task.view(),
        task.chunk(),
        report.attempt(),
        task.type(),
        cause.kind(),
        cause.code(),
        cause.message());
  }

  void taskWarned(TaskId task, int attempt, ExportIssue warning) {
    LOG.warn(
        "job={} view={} chunk={} attempt={} task={} {}: {}",
        task.job(),
        task.view(),
        task.chunk(),
        attempt,
        task.type(),
        warning.code(),
        warning.message());
    tell(listener -> listener.taskWarned(task, attempt, warning));
  }

  void unhealthy(Throwable error) {
    LOG.error("an error of the JVM reached the engine: {}", Frames.of(error));
    tell(listener -> listener.unhealthy(error.getClass().getName()));
  }

  /** Logs a defect: class and frames; never the message, which can hold anything. */
  void defect(Throwable thrown) {
    LOG.warn("unexpected: {}", Frames.of(thrown));
  }

  private static void log(AttemptReport report) {
    log(report.result().name().toLowerCase(Locale.ROOT), report.task(), report.attempt());
  }

  private static void log(String what, TaskId task, int attempt) {
    LOG.debug(
        "job={} view={} chunk={} attempt={} task={} {}",
        task.job(),
        task.view(),
        task.chunk(),
        attempt,
        task.type(),
        what);
  }

  private void tell(Consumer<ExportListener> what) {
    for (ExportListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (RuntimeException | Error failed) {
        LOG.warn("listener={} failed: {}", listener.getClass().getName(), Frames.of(failed));
      }
    }
  }
}
