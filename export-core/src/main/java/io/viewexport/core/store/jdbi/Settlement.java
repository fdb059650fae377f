// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportFailure;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Applies decisions to jobs and tasks, each in one transaction that locks the job's row first.
 *
 * <p>The usual step has a statement of its own, see {@link ChunkSettlement}.
 */
final class Settlement {
  private static final JobSnapshot RUNNING =
      new JobSnapshot(
          JobState.IN_PROGRESS,
          StopCause.NONE,
          TaskType.CHUNK,
          Map.of(TaskType.CHUNK, 2, TaskType.FINALIZE, 1, TaskType.CLEANUP, 1),
          1,
          0,
          0,
          0);
  private static final TaskSnapshot FRESH = new TaskSnapshot(TaskType.CHUNK, 0, false, 0);

  private final Database database;
  private final ChunkSettlement chunks;

  Settlement(Database database) {
    this.database = database;
    this.chunks = new ChunkSettlement(database);
  }

  /** A job's row, locked, and the task that the event is about. */
  private record Locked(JobSnapshot job, ExportRequest request) {}

  /** A task that its lease holds. */
  private record Held(TaskId id, TaskSnapshot snapshot, Optional<FailureCause> first) {}

  boolean settle(Lease lease, Decision decision) {
    return doneAmongOthers(lease, decision)
        || database.transact(handle -> settle(handle, lease, decision));
  }

  boolean update(JobId id, Decision decision) {
    return database.transact(
        handle -> {
          Optional<Locked> job = lock(handle, id);
          job.ifPresent(found -> apply(handle, id, new Event(decision, found, Optional.empty())));
          return job.isPresent();
        });
  }

  private boolean doneAmongOthers(Lease lease, Decision decision) {
    if (lease.task().type() != TaskType.CHUNK) {
      return false;
    }
    Transition usual = decision.decide(RUNNING, Optional.of(FRESH));
    Optional<ChunkReceipt> receipt = usual.task().flatMap(TaskChange::receipt);
    Optional<ChunkOrigin> origin = usual.task().flatMap(TaskChange::origin);
    boolean done =
        receipt.isPresent()
            && origin.isPresent()
            && usual.task().filter(change -> change.state() == TaskState.DONE).isPresent();
    return done && chunks.settle(lease, receipt.orElseThrow(), origin.orElseThrow());
  }

  private boolean settle(Handle handle, Lease lease, Decision decision) {
    JobId id = lease.task().job();
    Optional<Locked> job = lock(handle, id);
    Optional<Held> task = job.flatMap(found -> held(handle, lease));
    if (task.isPresent() && job.get().job().state() == JobState.ACCEPTED) {
      job = started(handle, id);
    }
    if (job.isEmpty() || task.isEmpty()) {
      return job.isPresent() && wasEndedBy(handle, lease);
    }
    apply(handle, id, new Event(decision, job.get(), task));
    return true;
  }

  /** Makes up for a claim that could not move its job: see {@link TaskClaims}. */
  private Optional<Locked> started(Handle handle, JobId id) {
    database.update(handle, "start-job").bind("job", id.value()).execute();
    return lock(handle, id);
  }

  /** Whether an earlier call with this lease, whose answer may have been lost, ended it. */
  private boolean wasEndedBy(Handle handle, Lease lease) {
    return named(database.query(handle, "ended-lease"), lease.task())
        .bind("token", lease.token())
        .bind("worker", lease.worker())
        .mapTo(boolean.class)
        .one();
  }

  /** An event under way. */
  private record Event(Decision decision, Locked job, Optional<Held> task) {}

  private void apply(Handle handle, JobId id, Event event) {
    Transition next = event.decision().decide(event.job().job(), event.task().map(Held::snapshot));
    while (!next.equals(Transition.NONE)) {
      apply(handle, id, event, next);
      next = event.decision().advance(lock(handle, id).orElseThrow().job());
    }
  }

  private void apply(Handle handle, JobId id, Event event, Transition next) {
    next.plan()
        .ifPresent(plan -> PlannedTasks.insert(database, handle, id, event.job().request(), plan));
    next.task().ifPresent(change -> change(handle, event.task().orElseThrow().id(), change));
    switch (next.skip()) {
      case NONE -> {}
      case UNSTARTED -> database.update(handle, "skip-unstarted").bind("job", id.value()).execute();
      case UNHELD -> database.update(handle, "skip-unheld").bind("job", id.value()).execute();
    }
    next.release()
        .ifPresent(
            type ->
                database
                    .update(handle, "release-tasks")
                    .bind("job", id.value())
                    .bind("type", type.name())
                    .execute());
    if (next.state().isPresent() || next.stop().isPresent() || next.failure().isPresent()) {
      move(handle, id, event, next);
    }
    database.update(handle, "note-cleaned").bind("job", id.value()).execute();
  }

  private void change(Handle handle, TaskId id, TaskChange change) {
    named(database.update(handle, "change-task"), id)
        .bind("state", change.state().name())
        .bind("delayMillis", change.delay().toMillis())
        .bind("failure", change.failure().map(StoredJson::write).orElse(null))
        .bind("receipt", change.receipt().map(ChunkReceipt::payload).orElse(null))
        .bind("rowCount", change.receipt().map(ChunkReceipt::rowCount).orElse(0L))
        .bind("byteCount", change.receipt().map(ChunkReceipt::byteCount).orElse(0L))
        .bind("generation", change.origin().map(ChunkOrigin::snapshotGeneration).orElse(null))
        .bind("nextSince", change.origin().map(StoredJson::nextSince).orElse(null))
        .bind("withheld", change.origin().map(StoredJson::withheld).orElse(null))
        .bind("checkpoint", change.checkpoint().orElse(null))
        .bind("outcome", change.outcome().map(Enum::name).orElse(null))
        .bind("location", change.location().orElse(null))
        .bind("counts", change.counts().map(StoredJson::write).orElse(null))
        .bind("inDoubt", change.inDoubt())
        .bind("passes", change.passes())
        .execute();
  }

  private void move(Handle handle, JobId id, Event event, Transition next) {
    Optional<String> failure =
        next.failure()
            .or(
                () ->
                    next.stop()
                        .filter(StopCause.FAILURE::equals)
                        .flatMap(stop -> failure(event, next)))
            .map(StoredJson::write);
    database
        .update(handle, "move-job")
        .bind("job", id.value())
        .bind("state", next.state().map(Enum::name).orElse(null))
        .bind("stop", next.stop().map(Enum::name).orElse(null))
        .bind("failure", failure.orElse(null))
        .bind("ends", next.state().filter(JobState::isFinal).isPresent())
        .execute();
  }

  private static Optional<ExportFailure> failure(Event event, Transition next) {
    Optional<FailureCause> last = next.task().flatMap(TaskChange::failure);
    if (event.task().isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    Held task = event.task().get();
    return Optional.of(
        new ExportFailure(
            task.id().describe(event.job().request()),
            task.snapshot().failures() + 1,
            task.first().orElse(last.get()),
            last.get()));
  }

  private Optional<Locked> lock(Handle handle, JobId id) {
    return database
        .query(handle, "lock-job")
        .bind("job", id.value())
        .map((row, context) -> locked(row))
        .findOne();
  }

  private static Locked locked(ResultSet row) throws SQLException {
    JobState state = JobState.valueOf(row.getString("state"));
    JobSnapshot snapshot =
        new JobSnapshot(
            state,
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
            row.getInt("lost_leases"),
            row.getInt("snapshot_generation"));
    return new Locked(snapshot, RequestJson.read(row.getString("request")));
  }

  private Optional<Held> held(Handle handle, Lease lease) {
    return named(database.query(handle, "held-task"), lease.task())
        .bind("token", lease.token())
        .bind("worker", lease.worker())
        .map(
            (row, context) ->
                new Held(
                    lease.task(),
                    new TaskSnapshot(
                        lease.task().type(),
                        row.getInt("failures"),
                        row.getBoolean("in_doubt"),
                        row.getInt("passes")),
                    Optional.ofNullable(row.getString("first_failure")).map(StoredJson::cause)))
        .findOne();
  }

  static <S extends SqlStatement<S>> S named(S statement, TaskId id) {
    return statement
        .bind("job", id.job().value())
        .bind("type", id.type().name())
        .bind("view", id.view())
        .bind("chunk", id.chunk());
  }
}
