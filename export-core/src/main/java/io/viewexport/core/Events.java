// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.TaskId;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what happens and tells the listeners. */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(ExportService.class);

  private final List<ExportListener> listeners;

  Events(List<ExportListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  void jobAccepted(ExportJob job) {
    LOG.info("job={} state={}", job.id(), JobState.ACCEPTED.code());
    tell(listener -> listener.jobAccepted(job));
  }

  void jobStateChanged(JobId job, JobState state) {
    LOG.info("job={} state={}", job, state.code());
    tell(listener -> listener.jobStateChanged(job, state));
    if (state.isFinal()) {
      tell(listener -> listener.jobEnded(job, state));
    }
  }

  void attemptStarted(Lease lease) {
    log("started", lease);
    tell(listener -> listener.attemptStarted(lease.task(), lease.token()));
  }

  void attemptDone(Lease lease) {
    log("done", lease);
    tell(listener -> listener.attemptDone(lease.task(), lease.token()));
  }

  void attemptFreed(Lease lease) {
    log("freed", lease);
  }

  void attemptFailed(Lease lease, FailureCause cause) {
    TaskId task = lease.task();
    LOG.warn(
        "job={} view={} chunk={} attempt={} task={} failed: {} {}: {}",
        task.job(),
        task.view(),
        task.chunk(),
        lease.token(),
        task.type(),
        cause.kind(),
        cause.code(),
        cause.message());
    tell(listener -> listener.attemptFailed(task, lease.token(), cause));
    if (task.type() == TaskType.CLEANUP) {
      tell(listener -> listener.cleanupFailed(task.job(), cause));
    }
  }

  void leaseLost(Lease lease) {
    log("lost its lease", lease);
    tell(listener -> listener.leaseLost(lease.task(), lease.token()));
  }

  void unhealthy(Throwable error) {
    LOG.error("an error of the JVM reached the engine: {}", Frames.of(error));
    tell(listener -> listener.unhealthy(error.getClass().getName()));
  }

  /** Logs a defect: class and frames; never the message, which can hold anything. */
  void defect(Throwable thrown) {
    LOG.warn("unexpected: {}", Frames.of(thrown));
  }

  private static void log(String what, Lease lease) {
    TaskId task = lease.task();
    LOG.debug(
        "job={} view={} chunk={} attempt={} task={} {}",
        task.job(),
        task.view(),
        task.chunk(),
        lease.token(),
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
