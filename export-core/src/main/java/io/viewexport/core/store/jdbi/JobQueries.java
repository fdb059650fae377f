// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.NextSince;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.StopCause;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.store.JobFilter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Jobs as clients see them. */
final class JobQueries {
  private final Database database;

  JobQueries(Database database) {
    this.database = database;
  }

  /** Names a planned view. */
  private record ViewKey(String job, int view) {}

  /** The figures of a planned view. */
  private record Figures(
      MergeOutcome outcome,
      @Nullable String location,
      @Nullable String counts,
      int chunks,
      int done,
      long rows,
      long bytes,
      NextSince nextSince) {}

  Optional<ExportJob> find(JobId id) {
    return database.snapshot(handle -> find(handle, List.of(id.value()))).stream().findFirst();
  }

  List<ExportJob> list(JobFilter filter) {
    return database.snapshot(handle -> find(handle, ids(handle, filter)));
  }

  private List<String> ids(Handle handle, JobFilter filter) {
    Query query =
        database
            .query(handle, "list-jobs")
            .define("conditions", conditions(filter))
            .bind("limit", filter.limit());
    filter.principal().ifPresent(principal -> query.bind("principal", principal));
    filter.kind().ifPresent(kind -> query.bind("kind", kind));
    filter.clientTrackingId().ifPresent(id -> query.bind("trackingId", id));
    filter.createdFrom().ifPresent(from -> query.bind("from", utc(from)));
    filter.createdBefore().ifPresent(before -> query.bind("before", utc(before)));
    filter
        .after()
        .ifPresent(
            last ->
                query.bind("lastTime", utc(last.createdAt())).bind("lastId", last.id().value()));
    return query.mapTo(String.class).list();
  }

  /**
   * Only what is asked for: a condition that may be switched off would keep indexes from use.
   * States stand as such, so that an index that is for some of them can be used.
   */
  static String conditions(JobFilter filter) {
    List<String> conditions = new ArrayList<>(List.of("true"));
    filter.principal().ifPresent(any -> conditions.add("principal = :principal"));
    filter.kind().ifPresent(any -> conditions.add("kind = :kind"));
    filter.clientTrackingId().ifPresent(any -> conditions.add("client_tracking_id = :trackingId"));
    if (!filter.states().isEmpty()) {
      conditions.add(
          filter.states().stream()
              .map(state -> "'" + state.name() + "'")
              .sorted()
              .collect(Collectors.joining(", ", "state IN (", ")")));
    }
    if (filter.isUnfinishedOnly()) {
      conditions.add("ended_at IS NULL");
    }
    filter.createdFrom().ifPresent(any -> conditions.add("created_at >= :from"));
    filter.createdBefore().ifPresent(any -> conditions.add("created_at < :before"));
    filter.after().ifPresent(any -> conditions.add("(created_at, id) < (:lastTime, :lastId)"));
    return String.join(" AND ", conditions);
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private List<ExportJob> find(Handle handle, List<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<ViewKey, Figures> figures = new HashMap<>();
    database
        .query(handle, "find-outputs")
        .bindArray("jobs", String.class, ids)
        .map(
            (row, context) ->
                figures.put(new ViewKey(row.getString("job_id"), row.getInt("view")), figures(row)))
        .list();
    return database
        .query(handle, "find-jobs")
        .bindArray("jobs", String.class, ids)
        .map((row, context) -> job(row, figures))
        .list();
  }

  private static Figures figures(ResultSet row) throws SQLException {
    return new Figures(
        MergeOutcome.valueOf(row.getString("outcome")),
        row.getString("location"),
        row.getString("counts"),
        row.getInt("chunks"),
        row.getInt("chunks_done"),
        row.getLong("row_count"),
        row.getLong("byte_count"),
        nextSince(row));
  }

  private static ExportJob job(ResultSet row, Map<ViewKey, Figures> figures) throws SQLException {
    JobState state = JobState.valueOf(row.getString("state"));
    ExportRequest request = RequestJson.read(row.getString("request"));
    CleanupState cleanup =
        JobStateMachine.cleanupState(
            state, Optional.ofNullable(row.getString("cleanup")).map(TaskState::valueOf));
    List<ExportOutput> outputs = new ArrayList<>();
    for (int view = 0; view < request.views().size(); view++) {
      Figures known = figures.get(new ViewKey(row.getString("id"), view));
      outputs.add(output(request.views().get(view), known == null ? unplanned(state) : known));
    }
    return new ExportJob(
        new JobId(row.getString("id")),
        request,
        state,
        instant(row, "created_at").orElseThrow(),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        outputs,
        Optional.ofNullable(row.getString("failure")).map(StoredJson::failure),
        cleanup,
        Optional.ofNullable(row.getString("cleanup_failure"))
            .filter(json -> cleanup != CleanupState.DONE)
            .map(StoredJson::cause),
        queuePosition(row),
        row.getString("stop").equals(StopCause.CANCEL.name()),
        SnapshotMode.valueOf(row.getString("snapshot_mode")));
  }

  private static OptionalInt queuePosition(ResultSet row) throws SQLException {
    int place = row.getInt("queue_position");
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(place);
  }

  private static NextSince nextSince(ResultSet row) throws SQLException {
    if (!row.getString("outcome").equals(MergeOutcome.MERGED.name())) {
      return NextSince.PENDING;
    }
    Optional<String> withheld = Optional.ofNullable(row.getString("withheld"));
    if (withheld.isPresent()) {
      return StoredJson.withheld(withheld.get());
    }
    boolean allKnown = row.getInt("known") == row.getInt("chunks");
    return allKnown
        ? instant(row, "next_since").map(NextSince::at).orElse(NextSince.PENDING)
        : ChunkOrigin.UNKNOWN.nextSince();
  }

  private static Figures unplanned(JobState state) {
    MergeOutcome outcome = state.isFinal() ? MergeOutcome.NOT_MERGED : MergeOutcome.PENDING;
    return new Figures(outcome, null, null, 0, 0, 0, 0, NextSince.PENDING);
  }

  private static ExportOutput output(ViewRequest view, Figures figures) {
    return new ExportOutput(
        view.name(),
        view.view(),
        figures.outcome(),
        Optional.ofNullable(figures.location()),
        Optional.ofNullable(figures.counts()).map(StoredJson::counts),
        figures.chunks(),
        figures.done(),
        figures.rows(),
        figures.bytes(),
        figures.nextSince());
  }

  private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }
}
