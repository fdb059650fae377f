// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.StoredJob;
import io.viewexport.core.store.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The jobs that this server worked at last. All but the state of a planned job never changes, and
 * only a clean-up asks for the state: so a job of many chunks is loaded once. Safe for use by many
 * threads.
 */
final class WorkedJobs {
  private static final int MOST = 200;

  private final JobStore store;

  /** Planned jobs, the one used longest ago first; guarded by itself. */
  private final Map<JobId, StoredJob> planned =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, StoredJob> eldest) {
          return size() > MOST;
        }
      };

  WorkedJobs(JobStore store) {
    this.store = store;
  }

  /**
   * The job of a task; empty where it is no more. Its state is that of now for a clean-up alone.
   */
  Optional<StoredJob> of(TaskId task) {
    Optional<StoredJob> known =
        task.type() == TaskType.CLEANUP ? Optional.empty() : known(task.job());
    return known.or(() -> load(task.job()));
  }

  private Optional<StoredJob> known(JobId id) {
    synchronized (planned) {
      return Optional.ofNullable(planned.get(id));
    }
  }

  private Optional<StoredJob> load(JobId id) {
    Optional<StoredJob> loaded = store.load(id);
    loaded.filter(job -> !job.views().isEmpty()).ifPresent(this::keep);
    return loaded;
  }

  private void keep(StoredJob job) {
    synchronized (planned) {
      planned.put(job.id(), job);
    }
  }
}
