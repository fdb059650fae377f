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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
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

  /** How statements are run: each for itself, or all in one transaction. */
  private interface Scope {
    List<Claimed> statement(Function<Handle, List<Claimed>> work);

    List<Claimed> transaction(Function<Handle, List<Claimed>> work);
  }

  /** What is asked for and what is there so far. */
  private record Batch(ClaimRequest request, List<String> kinds, int room, List<Claimed> claimed) {
    int left() {
      return room - claimed.size();
    }

    /** Claims of each kind in turn until there is no room. */
    void fill(Function<String, List<Claimed>> claims) {
      for (String kind : kinds) {
        if (left() > 0) {
          claimed.addAll(claims.apply(kind));
        }
      }
    }
  }

  /** What was leased before a statement failed is given out all the same: nobody else could. */
  List<ClaimedTask> claim(ClaimRequest request) {
    List<String> kinds = new ArrayList<>(request.kinds());
    Collections.shuffle(kinds);
    Batch all = new Batch(request, kinds, request.limit(), new ArrayList<>());
    try {
      lease(all);
    } catch (JobStoreException trouble) {
      if (all.claimed().isEmpty()) {
        throw trouble;
      }
      LOG.debug("claimed {} tasks, then: {}", all.claimed().size(), trouble.getMessage());
    }
    return started(all.claimed());
  }

  private void lease(Batch all) {
    boolean looks = looks();
    if (looks) {
      all.fill(kind -> expired(all, kind));
    }
    due(all, looks);
    if (!looks) {
      all.fill(kind -> expired(all, kind));
    }
  }

  private boolean looks() {
    long last = lookedAt.get();
    long now = System.nanoTime();
    return now - last >= LOOK_NANOS && lookedAt.compareAndSet(last, now);
  }

  private void due(Batch all, boolean mergesFirst) {
    if (all.left() == 0) {
      return;
    }
    if (all.request().clusterLimit().isEmpty()) {
      due(all, mergesFirst, new EachAlone());
      return;
    }
    int limit = all.request().clusterLimit().getAsInt();
    all.claimed()
        .addAll(
            database.transact(
                handle -> {
                  database.query(handle, "lock-claims").mapTo(String.class).list();
                  int leased = database.query(handle, "count-leased").mapTo(Integer.class).one();
                  int room = Math.min(all.left(), limit - leased);
                  Batch some = new Batch(all.request(), all.kinds(), room, new ArrayList<>());
                  due(some, mergesFirst, new Together(handle));
                  return some.claimed();
                }));
  }

  private void due(Batch due, boolean mergesFirst, Scope scope) {
    String order = turns.getAndIncrement() % 2 == 0 ? "claim-oldest" : "claim-lowest";
    if (mergesFirst) {
      due.fill(kind -> merges(due, kind, scope));
    }
    due.fill(kind -> scope.statement(handle -> lease(handle, order, due, kind)));
    if (!mergesFirst) {
      due.fill(kind -> merges(due, kind, scope));
    }
  }

  private List<Claimed> expired(Batch all, String kind) {
    return database.transact(
        handle -> {
          List<String> jobs = lockJobsOfExpired(handle, kind, all.left());
          if (jobs.isEmpty()) {
            return List.of();
          }
          List<Claimed> found =
              query(handle, "claim-expired", all, kind)
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

  private List<Claimed> merges(Batch due, String kind, Scope scope) {
    boolean any =
        database.read(
            handle ->
                database.query(handle, "merges-due").bind("kind", kind).mapTo(boolean.class).one());
    if (!any) {
      return List.of();
    }
    return scope.transaction(
        handle -> {
          database.query(handle, "lock-merges").mapTo(String.class).list();
          return lease(handle, "claim-merges", due, kind);
        });
  }

  private List<Claimed> lease(Handle handle, String statement, Batch batch, String kind) {
    return query(handle, statement, batch, kind).map((row, context) -> claimed(row)).list();
  }

  private Query query(Handle handle, String statement, Batch batch, String kind) {
    return database
        .query(handle, statement)
        .bind("kind", kind)
        .bind("limit", batch.left())
        .bind("worker", batch.request().worker())
        .bind("leaseMillis", batch.request().lease().toMillis());
  }

  /**
   * Moves jobs whose first task was claimed, in a transaction of its own: a claim never waits for a
   * job's row while it holds tasks. Where that fails the tasks are claimed all the same, and the
   * job is moved when the first of them is settled.
   */
  private List<ClaimedTask> started(List<Claimed> claimed) {
    List<String> first =
        claimed.stream().filter(Claimed::first).map(Claimed::job).distinct().sorted().toList();
    Set<String> moved = first.isEmpty() ? new HashSet<>() : start(first);
    List<ClaimedTask> tasks = new ArrayList<>();
    for (Claimed one : claimed) {
      boolean starts = moved.remove(one.job());
      tasks.add(starts ? one.task().asFirst() : one.task());
    }
    return tasks;
  }

  private Set<String> start(List<String> jobs) {
    try {
      return database.read(
          handle ->
              new HashSet<>(
                  database
                      .query(handle, "start-jobs")
                      .bindArray("jobs", String.class, jobs)
                      .mapTo(String.class)
                      .list()));
    } catch (JobStoreException trouble) {
      LOG.debug("jobs={} were not moved to in-progress yet: {}", jobs, trouble.getMessage());
      return new HashSet<>();
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
            row.getString("kind"),
            row.getInt("failures"),
            row.getInt("lost_leases"),
            row.getBoolean("in_doubt"),
            StopCause.valueOf(row.getString("stop")),
            Optional.ofNullable(row.getString("checkpoint")),
            Optional.ofNullable(row.getString("slice")).map(StoredJson::slice),
            row.getInt("snapshot_generation"),
            false);
    return new Claimed(task, row.getString("job_state").equals(JobState.ACCEPTED.name()));
  }

  private final class EachAlone implements Scope {
    @Override
    public List<Claimed> statement(Function<Handle, List<Claimed>> work) {
      return database.read(work);
    }

    @Override
    public List<Claimed> transaction(Function<Handle, List<Claimed>> work) {
      return database.transact(work);
    }
  }

  private record Together(Handle handle) implements Scope {
    @Override
    public List<Claimed> statement(Function<Handle, List<Claimed>> work) {
      return work.apply(handle);
    }

    @Override
    public List<Claimed> transaction(Function<Handle, List<Claimed>> work) {
      return work.apply(handle);
    }
  }
}
