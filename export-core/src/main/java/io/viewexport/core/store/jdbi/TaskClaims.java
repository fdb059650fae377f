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
import io.viewexport.core.store.jdbi.PlainStatement.RowReader;
import io.viewexport.core.store.jdbi.PlainStatement.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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

  /** The most that one statement claims: its own, fixed limit. */
  private static final int AT_ONCE = 16;

  private final Database database;
  private final AtomicLong turns = new AtomicLong();

  /** Whether the last claim found chunks of shared snapshots: else they come last, mostly. */
  private volatile boolean sharedDue;

  private final AtomicLong lookedAt = new AtomicLong(System.nanoTime() - LOOK_NANOS);

  TaskClaims(Database database) {
    this.database = database;
  }

  /** A claimed task and whether its job has not begun. */
  private record Claimed(ClaimedTask task, boolean first, boolean isShared) {
    String job() {
      return task.lease().task().job().value();
    }
  }

  /** How statements are run: each for itself, or all in one transaction. */
  private interface Scope {
    <T> List<T> list(String statement, Values values, RowReader<T> reader);

    List<Claimed> transaction(Function<Handle, List<Claimed>> work);
  }

  /** Whether leases of a kind ran out, and whether merges of it are due. */
  private record Sight(boolean expired, boolean merges) {}

  /** What a claim asks for, what it has seen, and what is there so far. */
  private record Batch(
      ClaimRequest request,
      List<String> kinds,
      int room,
      List<Claimed> claimed,
      Map<String, Sight> seen) {
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
    boolean looks = looks();
    List<String> kinds = kinds(request, looks || sharedDue);
    Batch all = new Batch(request, kinds, request.limit(), new ArrayList<>(), new HashMap<>());
    try {
      lease(all, looks);
    } catch (JobStoreException trouble) {
      if (all.claimed().isEmpty()) {
        throw trouble;
      }
      LOG.debug("claimed {} tasks, then: {}", all.claimed().size(), trouble.getMessage());
    }
    sharedDue = all.claimed().stream().anyMatch(Claimed::isShared);
    return started(all.claimed());
  }

  /** The kinds in the order in which they are asked for, in turn with those of shared snapshots. */
  private static List<String> kinds(ClaimRequest request, boolean inTurn) {
    List<String> kinds = new ArrayList<>(request.kinds());
    List<String> shared = new ArrayList<>(kinds.stream().map(SharedKind::of).toList());
    if (inTurn) {
      kinds.addAll(shared);
      shared.clear();
    }
    Collections.shuffle(kinds);
    kinds.addAll(shared);
    return kinds;
  }

  private void lease(Batch all, boolean looks) {
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
                  Batch some =
                      new Batch(all.request(), all.kinds(), room, new ArrayList<>(), all.seen());
                  due(some, mergesFirst, new Together(handle));
                  return some.claimed();
                }));
  }

  private void due(Batch due, boolean mergesFirst, Scope scope) {
    String order = turns.getAndIncrement() % 2 == 0 ? "claim-oldest" : "claim-lowest";
    if (mergesFirst) {
      due.fill(kind -> merges(due, kind, scope));
    }
    due.kinds().forEach(kind -> tasks(due, order, kind, scope));
    if (!mergesFirst) {
      due.fill(kind -> merges(due, kind, scope));
    }
  }

  /** Asks once for each kind and claim. */
  private Sight look(Batch batch, String kind, Scope scope) {
    return batch
        .seen()
        .computeIfAbsent(
            kind,
            any -> scope.list("look", new Values().text("kind", kind), TaskClaims::sight).get(0));
  }

  private static Sight sight(ResultSet row) throws SQLException {
    return new Sight(row.getBoolean("expired"), row.getBoolean("merges"));
  }

  private List<Claimed> expired(Batch all, String kind) {
    if (!look(all, kind, new EachAlone()).expired()) {
      return List.of();
    }
    return database.transact(
        handle -> {
          List<String> jobs = lockJobsOfExpired(handle, kind, all.left());
          if (jobs.isEmpty()) {
            return List.of();
          }
          List<Claimed> found =
              new Together(handle)
                  .list(
                      "claim-expired",
                      values(all, kind, all.left()).array("jobs", "text", jobs.toArray()),
                      TaskClaims::claimed);
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
    if (!look(due, kind, scope).merges()) {
      return List.of();
    }
    return scope.transaction(
        handle -> {
          boolean first = database.query(handle, "lock-merges").mapTo(boolean.class).one();
          return first
              ? new Together(handle)
                  .list("claim-merges", values(due, kind, due.left()), TaskClaims::claimed)
              : List.of();
        });
  }

  private void tasks(Batch due, String statement, String kind, Scope scope) {
    int limit = AT_ONCE;
    int found = AT_ONCE;
    while (due.left() > 0 && found == limit) {
      limit = Math.min(AT_ONCE, due.left());
      List<Claimed> some = scope.list(statement, values(due, kind, limit), TaskClaims::claimed);
      due.claimed().addAll(some);
      found = some.size();
    }
  }

  private static Values values(Batch batch, String kind, int limit) {
    return new Values()
        .text("kind", kind)
        .number("limit", limit)
        .text("worker", batch.request().worker())
        .number("leaseMillis", batch.request().lease().toMillis());
  }

  /**
   * Moves jobs whose first task was claimed, each in a transaction of its own: a claim never waits
   * for a job's row while it holds tasks or another job. Where that fails the tasks are claimed all
   * the same, and the job is moved when the first of them is settled.
   */
  private List<ClaimedTask> started(List<Claimed> claimed) {
    List<String> first =
        claimed.stream().filter(Claimed::first).map(Claimed::job).distinct().sorted().toList();
    Set<String> moved = new HashSet<>(first);
    moved.removeIf(job -> !start(job));
    List<ClaimedTask> tasks = new ArrayList<>();
    for (Claimed one : claimed) {
      boolean starts = moved.remove(one.job());
      tasks.add(starts ? one.task().asFirst() : one.task());
    }
    return tasks;
  }

  private boolean start(String job) {
    try {
      return database.read(
              handle -> database.update(handle, "start-job").bind("job", job).execute())
          == 1;
    } catch (JobStoreException trouble) {
      LOG.debug("job={} was not moved to in-progress yet: {}", job, trouble.getMessage());
      return false;
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
            SharedKind.backendKind(row.getString("kind")),
            row.getInt("failures"),
            row.getInt("lost_leases"),
            row.getBoolean("in_doubt"),
            StopCause.valueOf(row.getString("stop")),
            Optional.ofNullable(row.getString("checkpoint")),
            Optional.ofNullable(row.getString("slice")).map(StoredJson::slice),
            row.getInt("snapshot_generation"),
            false);
    return new Claimed(
        task,
        row.getString("job_state").equals(JobState.ACCEPTED.name()),
        SharedKind.is(row.getString("kind")));
  }

  private final class EachAlone implements Scope {
    @Override
    public <T> List<T> list(String statement, Values values, RowReader<T> reader) {
      return database.list(statement, values, reader);
    }

    @Override
    public List<Claimed> transaction(Function<Handle, List<Claimed>> work) {
      return database.transact(work);
    }
  }

  private final class Together implements Scope {
    private final Handle handle;

    Together(Handle handle) {
      this.handle = handle;
    }

    @Override
    public <T> List<T> list(String statement, Values values, RowReader<T> reader) {
      return database.list(handle.getConnection(), statement, values, reader);
    }

    @Override
    public List<Claimed> transaction(Function<Handle, List<Claimed>> work) {
      return work.apply(handle);
    }
  }
}
