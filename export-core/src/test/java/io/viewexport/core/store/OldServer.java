// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobEvent;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.Skip;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * A server of the library's first version, as a store sees it: it runs the statements of then, kept
 * word for word under {@code upgrade/V001}, in the order in which the code of then ran them.
 */
final class OldServer implements Peer {
  private final Jdbi jdbi;
  private final String worker;
  private int turns;

  OldServer(DataSource database, String worker) {
    jdbi = Jdbi.create(database);
    this.worker = worker;
  }

  /** A file of then, without comments. */
  static String file(String name) {
    try (InputStream in = OldServer.class.getResourceAsStream("upgrade/V001/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.stripLeading().startsWith("--"))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Query query(Handle handle, String statement) {
    return handle.createQuery(file(statement + ".sql"));
  }

  private static Update update(Handle handle, String statement) {
    return handle.createUpdate(file(statement + ".sql"));
  }

  /** Makes the schema where there is none, as a server of then did when it started. */
  void install() {
    boolean current = jdbi.withHandle(OldServer::isCurrent);
    if (!current) {
      jdbi.useTransaction(OldServer::migrate);
    }
  }

  private static boolean isCurrent(Handle handle) {
    boolean exists =
        handle
            .createQuery("SELECT to_regclass('viewexport.schema_version') IS NOT NULL")
            .mapTo(boolean.class)
            .one();
    return exists && version(handle) >= 1;
  }

  private static int version(Handle handle) {
    return query(handle, "find-version")
        .map(
            (row, context) -> {
              if (row.getInt(2) > 1) {
                throw new IllegalStateException("too new a schema for this server");
              }
              return row.getInt(1);
            })
        .one();
  }

  private static void migrate(Handle handle) {
    handle
        .createQuery("SELECT pg_advisory_xact_lock(hashtext('viewexport.schema'))")
        .mapTo(String.class)
        .list();
    if (!isCurrent(handle)) {
      boolean schemaExists =
          handle
              .createQuery("SELECT to_regnamespace('viewexport') IS NOT NULL")
              .mapTo(boolean.class)
              .one();
      if (!schemaExists) {
        handle.createScript(file("create-schema.sql")).execute();
      }
      handle.createScript(file("create-versions.sql")).execute();
      if (version(handle) < 1) {
        handle.createScript(file("V001__jobs.sql")).execute();
        update(handle, "insert-version").bind("version", 1).execute();
      }
    }
  }

  /** Stores a job of one view, as the texts of then say. */
  void create(JobId job, int chunks) {
    jdbi.useTransaction(handle -> create(handle, job.value(), chunks));
  }

  private static void create(Handle handle, String job, int chunks) {
    update(handle, "insert-job")
        .bind("id", job)
        .bind("kind", TestJobs.KIND)
        .bind("principal", "p")
        .bind("idempotencyKey", (String) null)
        .bind("clientTrackingId", "c")
        .bind("request", file("request.json"))
        .bind("snapshotMode", "PER_CHUNK")
        .bind("stage", "SETUP")
        .execute();
    update(handle, "insert-views")
        .bind("job", job)
        .bindArray("definitions", String.class, file("view.json"))
        .execute();
    List<String> types = new ArrayList<>(List.of("SETUP"));
    types.addAll(Collections.nCopies(chunks, "CHUNK"));
    types.addAll(List.of("FINALIZE", "CLEANUP"));
    List<Integer> numbers = new ArrayList<>();
    List<@Nullable String> slices = new ArrayList<>();
    List<@Nullable String> keys = new ArrayList<>();
    int chunk = 0;
    for (String type : types) {
      boolean isChunk = type.equals("CHUNK");
      slices.add(isChunk ? slice(chunk, chunks) : null);
      keys.add(type.equals("FINALIZE") ? "target-" + job : null);
      numbers.add(isChunk ? chunk++ : 0);
    }
    update(handle, "insert-tasks")
        .bind("job", job)
        .bind("kind", TestJobs.KIND)
        .bindArray("types", String.class, types)
        .bindArray("views", Integer.class, Collections.nCopies(types.size(), 0))
        .bindArray("chunks", Integer.class, numbers)
        .bindArray("ordinals", Integer.class, numbers)
        .bindArray("slices", String.class, slices)
        .bindArray("keys", String.class, keys)
        .execute();
    update(handle, "count-plan")
        .bind("job", job)
        .bind("views", 1)
        .bind("plan", 0L)
        .bind("setup", 1L)
        .bind("chunk", (long) chunks)
        .bind("finalize", 1L)
        .bind("cleanup", 1L)
        .execute();
    update(handle, "release-tasks").bind("job", job).bind("type", "SETUP").execute();
  }

  private static String slice(int chunk, int chunks) {
    return file("slice.json")
        .replace("\"index\":0", "\"index\":" + chunk)
        .replace("\"count\":1", "\"count\":" + chunks);
  }

  @Override
  public List<ClaimedTask> claim(int limit) {
    List<ClaimedTask> claimed =
        new ArrayList<>(jdbi.inTransaction(handle -> expired(handle, limit)));
    if (claimed.size() < limit) {
      claimed.addAll(jdbi.inTransaction(handle -> merges(handle, limit - claimed.size())));
    }
    if (claimed.size() < limit) {
      String order = turns++ % 2 == 0 ? "claim-oldest" : "claim-lowest";
      claimed.addAll(
          jdbi.withHandle(handle -> tasks(leasing(handle, order, limit - claimed.size()))));
    }
    start(claimed);
    return claimed;
  }

  private List<ClaimedTask> expired(Handle handle, int limit) {
    List<String> jobs =
        query(handle, "lock-expired")
            .bind("kind", TestJobs.KIND)
            .bind("limit", limit)
            .mapTo(String.class)
            .list();
    List<ClaimedTask> found =
        jobs.isEmpty()
            ? List.of()
            : tasks(leasing(handle, "claim-expired", limit).bindArray("jobs", String.class, jobs));
    for (ClaimedTask task : found) {
      update(handle, "count-lost-leases")
          .bind("job", task.lease().task().job().value())
          .bind("lost", 1L)
          .execute();
    }
    return found;
  }

  private List<ClaimedTask> merges(Handle handle, int limit) {
    boolean due =
        query(handle, "merges-due").bind("kind", TestJobs.KIND).mapTo(boolean.class).one();
    if (!due) {
      return List.of();
    }
    query(handle, "lock-merges").mapTo(String.class).list();
    return tasks(leasing(handle, "claim-merges", limit));
  }

  private Query leasing(Handle handle, String statement, int limit) {
    return query(handle, statement)
        .bind("kind", TestJobs.KIND)
        .bind("limit", limit)
        .bind("worker", worker)
        .bind("leaseMillis", TestJobs.LEASE.toMillis());
  }

  private static List<ClaimedTask> tasks(Query query) {
    return query.map((row, context) -> task(row)).list();
  }

  private static ClaimedTask task(ResultSet row) throws SQLException {
    TaskId id =
        new TaskId(
            new JobId(row.getString("job_id")),
            TaskType.valueOf(row.getString("type")),
            row.getInt("view"),
            row.getInt("chunk"));
    return new ClaimedTask(
        new Lease(id, row.getInt("token"), row.getString("worker")),
        TestJobs.KIND,
        row.getInt("failures"),
        row.getInt("lost_leases"),
        row.getBoolean("in_doubt"),
        StopCause.valueOf(row.getString("stop")),
        Optional.ofNullable(row.getString("checkpoint")),
        Optional.empty(),
        row.getInt("snapshot_generation"),
        row.getString("job_state").equals("ACCEPTED"));
  }

  private void start(List<ClaimedTask> claimed) {
    List<String> jobs =
        claimed.stream()
            .filter(ClaimedTask::startsJob)
            .map(task -> task.lease().task().job().value())
            .distinct()
            .sorted()
            .toList();
    if (!jobs.isEmpty()) {
      jdbi.useHandle(
          handle -> update(handle, "start-jobs").bindArray("jobs", String.class, jobs).execute());
    }
  }

  @Override
  public boolean settle(Lease lease, Decision decision) {
    return jdbi.inTransaction(handle -> settle(handle, lease, decision));
  }

  private static boolean settle(Handle handle, Lease lease, Decision decision) {
    if (settledAlone(handle, lease, decision)) {
      return true;
    }
    JobId id = lease.task().job();
    Optional<JobSnapshot> job = lock(handle, id);
    Optional<TaskSnapshot> task = job.flatMap(found -> held(handle, lease));
    task.ifPresent(found -> apply(handle, id, decision, job.orElseThrow(), lease.task(), task));
    return task.isPresent();
  }

  /** The usual step of then: a chunk is done and others are open. */
  private static boolean settledAlone(Handle handle, Lease lease, Decision decision) {
    if (lease.task().type() != TaskType.CHUNK) {
      return false;
    }
    JobSnapshot running =
        new JobSnapshot(
            JobState.IN_PROGRESS,
            StopCause.NONE,
            TaskType.CHUNK,
            Map.of(TaskType.CHUNK, 2, TaskType.FINALIZE, 1, TaskType.CLEANUP, 1),
            1,
            0,
            0,
            0);
    TaskSnapshot fresh = new TaskSnapshot(TaskType.CHUNK, 0, false, 0);
    Optional<ChunkReceipt> receipt =
        decision.decide(running, Optional.of(fresh)).task().flatMap(TaskChange::receipt);
    return receipt.isPresent()
        && held(update(handle, "settle-chunk"), lease, false)
                .bind("receipt", receipt.get().payload())
                .bind("rowCount", receipt.get().rowCount())
                .bind("byteCount", receipt.get().byteCount())
                .execute()
            == 1;
  }

  private static <S extends SqlStatement<S>> S held(S statement, Lease lease, boolean withType) {
    S bound = withType ? statement.bind("type", lease.task().type().name()) : statement;
    return bound
        .bind("job", lease.task().job().value())
        .bind("view", lease.task().view())
        .bind("chunk", lease.task().chunk())
        .bind("token", lease.token())
        .bind("worker", lease.worker());
  }

  @Override
  public boolean cancel(JobId id) {
    Decision cancel = JobStateMachine.on(new JobEvent.CancelRequested());
    return jdbi.inTransaction(
        handle -> {
          Optional<JobSnapshot> job = lock(handle, id);
          TaskId none = new TaskId(id, TaskType.CLEANUP, 0, 0);
          job.ifPresent(found -> apply(handle, id, cancel, found, none, Optional.empty()));
          return job.isPresent();
        });
  }

  private static void apply(
      Handle handle,
      JobId id,
      Decision decision,
      JobSnapshot job,
      TaskId task,
      Optional<TaskSnapshot> snapshot) {
    Transition next = decision.decide(job, snapshot);
    while (!next.equals(Transition.NONE)) {
      apply(handle, id, task, next);
      next = decision.advance(lock(handle, id).orElseThrow());
    }
  }

  private static void apply(Handle handle, JobId id, TaskId task, Transition next) {
    next.task().ifPresent(change -> change(handle, task, change));
    if (next.skip() == Skip.UNSTARTED) {
      update(handle, "skip-unstarted").bind("job", id.value()).execute();
    }
    next.release()
        .ifPresent(
            type ->
                update(handle, "release-tasks")
                    .bind("job", id.value())
                    .bind("type", type.name())
                    .execute());
    if (next.state().isPresent() || next.stop().isPresent()) {
      boolean failed = next.stop().filter(cause -> cause == StopCause.FAILURE).isPresent();
      update(handle, "move-job")
          .bind("job", id.value())
          .bind("state", next.state().map(Enum::name).orElse(null))
          .bind("stop", next.stop().map(Enum::name).orElse(null))
          .bind("failure", failed ? file("failure.json") : null)
          .bind("ends", next.state().filter(JobState::isFinal).isPresent())
          .execute();
    }
    update(handle, "note-cleaned").bind("job", id.value()).execute();
  }

  private static void change(Handle handle, TaskId task, TaskChange change) {
    update(handle, "change-task")
        .bind("job", task.job().value())
        .bind("type", task.type().name())
        .bind("view", task.view())
        .bind("chunk", task.chunk())
        .bind("state", change.state().name())
        .bind("delayMillis", change.delay().toMillis())
        .bind("failure", change.failure().map(OldServer::json).orElse(null))
        .bind("receipt", change.receipt().map(ChunkReceipt::payload).orElse(null))
        .bind("rowCount", change.receipt().map(ChunkReceipt::rowCount).orElse(0L))
        .bind("byteCount", change.receipt().map(ChunkReceipt::byteCount).orElse(0L))
        .bind("checkpoint", change.checkpoint().orElse(null))
        .bind("outcome", change.outcome().map(Enum::name).orElse(null))
        .bind("location", change.location().orElse(null))
        .bind("counts", change.counts().map(counts -> file("counts.json")).orElse(null))
        .bind("inDoubt", change.inDoubt())
        .bind("passes", change.passes())
        .execute();
  }

  private static String json(FailureCause cause) {
    return "{\"kind\":\"%s\",\"code\":\"%s\",\"message\":\"%s\"}"
        .formatted(cause.kind(), cause.code(), cause.message());
  }

  private static Optional<JobSnapshot> lock(Handle handle, JobId id) {
    return query(handle, "lock-job")
        .bind("job", id.value())
        .map((row, context) -> snapshot(row))
        .findOne();
  }

  private static JobSnapshot snapshot(ResultSet row) throws SQLException {
    return new JobSnapshot(
        JobState.valueOf(row.getString("state")),
        StopCause.valueOf(row.getString("stop")),
        TaskType.valueOf(row.getString("stage")),
        Map.of(
            TaskType.PLAN, row.getInt("left_plan"),
            TaskType.SETUP, row.getInt("left_setup"),
            TaskType.CHUNK, row.getInt("left_chunk"),
            TaskType.FINALIZE, row.getInt("left_finalize"),
            TaskType.CLEANUP, row.getInt("left_cleanup")),
        row.getInt("views"),
        row.getInt("merged"),
        row.getInt("unknown"),
        row.getInt("lost_leases"));
  }

  private static Optional<TaskSnapshot> held(Handle handle, Lease lease) {
    return held(query(handle, "held-task"), lease, true)
        .map(
            (row, context) ->
                new TaskSnapshot(
                    lease.task().type(),
                    row.getInt("failures"),
                    row.getBoolean("in_doubt"),
                    row.getInt("passes")))
        .findOne();
  }

  /** Renews a lease; the stop cause of its job, or empty where the lease is lost. */
  Optional<StopCause> renew(Lease lease) {
    TaskId task = lease.task();
    return jdbi.withHandle(
        handle ->
            query(handle, "renew")
                .bindArray("jobs", String.class, task.job().value())
                .bindArray("types", String.class, task.type().name())
                .bindArray("views", Integer.class, task.view())
                .bindArray("chunks", Integer.class, task.chunk())
                .bindArray("tokens", Integer.class, lease.token())
                .bindArray("workers", String.class, lease.worker())
                .bindArray("rows", Long.class, 5L)
                .bindArray("bytes", Long.class, 50L)
                .bind("leaseMillis", TestJobs.LEASE.toMillis())
                .map((row, context) -> StopCause.valueOf(row.getString("stop")))
                .findOne());
  }

  /** The newest jobs of the principal, by id. */
  List<String> list() {
    return jdbi.withHandle(
        handle ->
            query(handle, "list-jobs")
                .bind("principal", (String) null)
                .bindArray("states", String.class)
                .bind("limit", 100)
                .bind("offset", 0)
                .mapTo(String.class)
                .list());
  }

  /** The state that a client of this server sees. */
  JobState state(JobId job) {
    return jdbi.withHandle(
        handle ->
            query(handle, "find-jobs")
                .bindArray("jobs", String.class, job.value())
                .map((row, context) -> JobState.valueOf(row.getString("state")))
                .one());
  }

  /** The receipts of the job's first view, by chunk. */
  List<String> receipts(JobId job) {
    return jdbi.withHandle(
        handle ->
            query(handle, "receipts")
                .bind("job", job.value())
                .bind("view", 0)
                .map((row, context) -> row.getString("receipt"))
                .list());
  }

  /** One text of a job, as it is stored: by a statement of then and its column. */
  String stored(String statement, String column, JobId job) {
    return jdbi.withHandle(
        handle -> {
          Query query = query(handle, statement);
          Query bound =
              statement.startsWith("find")
                  ? query.bindArray("jobs", String.class, job.value())
                  : query.bind("job", job.value());
          return bound.map((row, context) -> row.getString(column)).first();
        });
  }
}
