// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.job.JobId;
import io.viewexport.core.store.QueueStats;
import io.viewexport.core.store.UnservedJobs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** What the servers of a cluster tell each other, and what they do for all. */
final class ClusterQueries {
  private final Database database;

  ClusterQueries(Database database) {
    this.database = database;
  }

  int admit(OptionalInt jobsPerPrincipal) {
    boolean waiting =
        database.read(handle -> database.query(handle, "held-back").mapTo(boolean.class).one());
    return waiting ? database.transact(handle -> admit(handle, jobsPerPrincipal)) : 0;
  }

  private int admit(Handle handle, OptionalInt jobsPerPrincipal) {
    database.query(handle, "lock-admission").mapTo(String.class).list();
    Integer limit = jobsPerPrincipal.isPresent() ? jobsPerPrincipal.getAsInt() : null;
    return database
        .query(handle, "admit")
        .bind("jobsPerPrincipal", limit)
        .mapTo(Integer.class)
        .one();
  }

  boolean takeDuty(String duty, String worker, Duration lease) {
    return database.read(
            handle ->
                database
                    .update(handle, "take-duty")
                    .bind("duty", duty)
                    .bind("worker", worker)
                    .bind("leaseMillis", lease.toMillis())
                    .execute())
        == 1;
  }

  void announce(String worker, Set<String> kinds, Duration validFor) {
    database.read(
        handle ->
            database
                .update(handle, "announce")
                .bind("worker", worker)
                .bindArray("kinds", String.class, List.copyOf(kinds))
                .bind("validMillis", validFor.toMillis())
                .execute());
  }

  UnservedJobs unserved() {
    return database.snapshot(
        handle -> {
          List<String> served =
              database.query(handle, "served-kinds").mapTo(String.class).list().stream()
                  .map(SharedKind::backendKind)
                  .distinct()
                  .toList();
          List<JobId> jobs =
              database
                  .query(handle, "unserved-jobs")
                  .bindArray("served", String.class, served)
                  .mapTo(String.class)
                  .map(JobId::new)
                  .list();
          return new UnservedJobs(jobs, Set.copyOf(served));
        });
  }

  QueueStats stats() {
    return database.read(
        handle -> database.query(handle, "stats").map((row, context) -> stats(row)).one());
  }

  private static QueueStats stats(ResultSet row) throws SQLException {
    return new QueueStats(
        row.getLong("due"),
        millis(row, "oldest_due_millis"),
        row.getLong("leased"),
        row.getLong("unfinished"),
        row.getLong("held_back"),
        millis(row, "oldest_unfinished_millis"));
  }

  private static Optional<Duration> millis(ResultSet row, String column) throws SQLException {
    long millis = (long) row.getDouble(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }
}
