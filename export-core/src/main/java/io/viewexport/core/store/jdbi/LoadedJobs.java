// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.store.StoredJob;
import io.viewexport.core.store.jdbi.PlainStatement.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads jobs for those who work at them. What never changes once a job is planned, its request and
 * its views, is kept for the jobs used last: a job of many chunks is loaded as often.
 */
final class LoadedJobs {
  private static final int MOST = 200;

  private final Database database;
  private final AttemptQueries attempts;

  /** Planned jobs, the one used longest ago first; guarded by itself. The states are of then. */
  private final Map<JobId, StoredJob> planned =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, StoredJob> eldest) {
          return size() > MOST;
        }
      };

  LoadedJobs(Database database, AttemptQueries attempts) {
    this.database = database;
    this.attempts = attempts;
  }

  Optional<StoredJob> load(JobId id) {
    Optional<StoredJob> known = known(id);
    return known.isPresent() ? known.flatMap(this::now) : read(id);
  }

  private Optional<StoredJob> known(JobId id) {
    synchronized (planned) {
      return Optional.ofNullable(planned.get(id));
    }
  }

  /** A known job in the state that it is in now; empty where it was removed. */
  private Optional<StoredJob> now(StoredJob known) {
    return database
        .list(
            "find-state",
            new Values().text("job", known.id().value()),
            row -> JobState.valueOf(row.getString("state")))
        .stream()
        .findFirst()
        .map(state -> new StoredJob(known.id(), known.request(), state, known.views()));
  }

  private Optional<StoredJob> read(JobId id) {
    Optional<StoredJob> read =
        database.transact(
            handle -> {
              List<ExportView> views = attempts.views(handle, id);
              return database
                  .query(handle, "load-job")
                  .bind("job", id.value())
                  .map(
                      (row, context) ->
                          new StoredJob(
                              id,
                              RequestJson.read(row.getString("request")),
                              JobState.valueOf(row.getString("state")),
                              views))
                  .findOne();
            });
    read.filter(job -> !job.views().isEmpty()).ifPresent(this::keep);
    return read;
  }

  private void keep(StoredJob job) {
    synchronized (planned) {
      planned.put(job.id(), job);
    }
  }
}
