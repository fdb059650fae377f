// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.JobStoreException;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases tasks.
 *
 * <p>Claims take turns: one takes the oldest tasks, the next those with the smallest number within
 * their job. So neither a large job starves a small one, nor many small ones a large one. Expired
 * leases and merges are looked for first, but where there is plenty to do only every {@link
 * #LOOK_NANOS}.
 */
final class TaskClaims {
  private static final Logger LOG = LoggerFactory.getLogger(TaskClaims.class);
  private static final long LOOK_NANOS = 100_000_000;

  private final Database database;
  private final AtomicLong turns = new AtomicLong();

  /** Jobs of which a task was claimed and that may not be in progress. */
  private final Set<String> unstarted = ConcurrentHashMap.newKeySet();

  private final AtomicLong lookedAt = new AtomicLong(System.nanoTime() - LOOK_NANOS);

  TaskClaims(Database database) {
    this.database = database;
  }

  /** A claimed task and whether its job has not begun. */
  private record Claimed(ClaimedTask task, boolean first) {
    String job() {
      return task.lease().task().job().value();
    }
  }

  /** What was leased before a statement failed is given out all the same: nobody else could. */
  List<ClaimedTask> claim(ClaimRequest request) {
    List<Claimed> claimed = new ArrayList<>();
    try {
      lease(request, claimed);
    } catch (JobStoreException e) {
      if (claimed.isEmpty()) {
        throw e;
      }
      LOG.debug("claimed {} tasks, then: {}", claimed.size(), e.getMessage());
    }
    start(claimed);
    return claimed.stream().map(Claimed::task).toList();
  }

  private void lease(ClaimRequest request, List<Claimed> claimed) {
    List<String> kinds = new ArrayList<>(request.kinds());
    Collections.shuffle(kinds);
    boolean looks = looks();
    if (looks) {
      kinds.forEach(kind -> rare(request, kind, claimed));
    }
    String order = turns.getAndIncrement() % 2 == 0 ? "claim-oldest" : "claim-lowest";
    for (String kind : kinds) {
      if (claimed.size() < request.limit()) {
        claimed.addAll(database.read(handle -> lease(handle, order, request, kind, claimed)));
      }
    }
    if (!looks && claimed.size() < request.limit()) {
      kinds.forEach(kind -> rare(request, kind, claimed));
    }
  }

  private boolean looks() {
    long last = lookedAt.get();
    long now = System.nanoTime();
    return now - last >= LOOK_NANOS && lookedAt.compareAndSet(last, now);
  }

  private void rare(ClaimRequest request, String kind, List<Claimed> claimed) {
    if (claimed.size() < request.limit()) {
      claimed.addAll(expired(request, kind, claimed));
    }
    if (claimed.size() < request.limit()) {
      claimed.addAll(merges(request, kind, claimed));
    }
  }

  private List<Claimed> expired(ClaimRequest request, String kind, List<Claimed> before) {
    return database.transact(
        handle -> {
          List<String> jobs = lockJobsOfExpired(handle, kind, request.limit() - before.size());
          if (jobs.isEmpty()) {
            return List.of();
          }
          List<Claimed> found =
              query(handle, "claim-expired", request, kind, before)
                  .bindArray("jobs", String.class, jobs)
                  .map((row, context) -> claimed(row))
                  .list();
          Map<String, Long> lost =
              found.stream()
                  .collect(
                      Collectors.groupingBy(Claimed::job, TreeMap::new, Collectors.counting()));
          lost.forEach(
              (job, count) ->
                  database
                      .update(handle, "count-lost-leases")
                      .bind("job", job)
                      .bind("lost", count)
                      .execute());
          return found;
        });
  }

  /**
   * Locks the jobs first, as whoever settles does: the other way round each would wait for the
   * other.
   */
  private List<String> lockJobsOfExpired(Handle handle, String kind, int limit) {
    return database
        .query(handle, "lock-expired")
        .bind("kind", kind)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  private List<Claimed> merges(ClaimRequest request, String kind, List<Claimed> before) {
    boolean due =
        database.read(
            handle ->
                database.query(handle, "merges-due").bind("kind", kind).mapTo(boolean.class).one());
    if (!due) {
      return List.of();
    }
    return database.transact(
        handle -> {
          database.query(handle, "lock-merges").mapTo(String.class).list();
          return lease(handle, "claim-merges", request, kind, before);
        });
  }

  private List<Claimed> lease(
      Handle handle, String statement, ClaimRequest request, String kind, List<Claimed> before) {
    return query(handle, statement, request, kind, before)
        .map((row, context) -> claimed(row))
        .list();
  }

  private Query query(
      Handle handle, String statement, ClaimRequest request, String kind, List<Claimed> before) {
    return database
        .query(handle, statement)
        .bind("kind", kind)
        .bind("limit", request.limit() - before.size())
        .bind("worker", request.worker())
        .bind("leaseMillis", request.lease().toMillis());
  }

  /**
   * In a transaction of its own: a claim never waits for a job's row while it holds tasks. Jobs
   * that could not be moved are, by the next claim.
   */
  private void start(List<Claimed> claimed) {
    claimed.stream().filter(Claimed::first).map(Claimed::job).forEach(unstarted::add);
    if (unstarted.isEmpty()) {
      return;
    }
    List<String> jobs = unstarted.stream().sorted().toList();
    try {
      database.read(
          handle ->
              database
                  .update(handle, "start-jobs")
                  .bindArray("jobs", String.class, jobs)
                  .execute());
      jobs.forEach(unstarted::remove);
    } catch (JobStoreException e) {
      LOG.debug("{} jobs not moved yet: {}", jobs.size(), e.getMessage());
    }
  }

  private static Claimed claimed(ResultSet row) throws SQLException {
    TaskId id =
        new TaskId(
            new JobId(row.getString("job_id")),
            TaskType.valueOf(row.getString("type")),
            row.getInt("view"),
            row.getInt("chunk"));
    ClaimedTask task =
        new ClaimedTask(
            new Lease(id, row.getInt("token"), row.getString("worker")),
            row.getInt("failures"),
            row.getInt("lost_leases"),
            row.getBoolean("in_doubt"),
            StopCause.valueOf(row.getString("stop")),
            Optional.ofNullable(row.getString("checkpoint")),
            Optional.ofNullable(row.getString("slice")).map(StoredJson::slice),
            row.getInt("snapshot_generation"));
    return new Claimed(task, row.getString("job_state").equals(JobState.ACCEPTED.name()));
  }
}
