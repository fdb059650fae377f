// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.backend.CancelContext.EndedView;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkAttempts;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.core.state.TaskState;
import io.viewexport.core.state.TaskType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/** Every attempt that a job ever made. */
final class AttemptQueries {
  private final Database database;

  AttemptQueries(Database database) {
    this.database = database;
  }

  /** How often a chunk or a merge was begun, and what came of it. */
  private record Attempts(
      TaskType type, int view, int chunk, int token, TaskState state, MergeOutcome outcome) {

    static Attempts of(ResultSet row) throws SQLException {
      return new Attempts(
          TaskType.valueOf(row.getString("type")),
          row.getInt("view"),
          row.getInt("chunk"),
          row.getInt("token"),
          TaskState.valueOf(row.getString("state")),
          MergeOutcome.valueOf(row.getString("outcome")));
    }

    ChunkAttempts ofChunk(JobId job) {
      OptionalInt winner = state == TaskState.DONE ? OptionalInt.of(token) : OptionalInt.empty();
      return new ChunkAttempts(new ChunkId(job, view, chunk), token, winner);
    }
  }

  List<ExportView> views(Handle handle, JobId id) {
    return database
        .query(handle, "load-views")
        .bind("job", id.value())
        .map((row, context) -> ViewJson.read(row.getString("definition")))
        .list();
  }

  List<EndedView> endedViews(JobId id) {
    return database.read(handle -> endedViews(handle, id));
  }

  private List<EndedView> endedViews(Handle handle, JobId id) {
    List<Attempts> all =
        database
            .query(handle, "attempts")
            .bind("job", id.value())
            .map((row, context) -> Attempts.of(row))
            .list();
    List<EndedView> ended = new ArrayList<>();
    for (ExportView view : views(handle, id)) {
      List<Attempts> of = all.stream().filter(task -> task.view() == view.index()).toList();
      List<ChunkAttempts> chunks =
          of.stream()
              .filter(task -> task.type() == TaskType.CHUNK)
              .map(task -> task.ofChunk(id))
              .toList();
      Attempts merge =
          of.stream().filter(task -> task.type() == TaskType.FINALIZE).findFirst().orElseThrow();
      ended.add(new EndedView(view, merge.outcome(), chunks, merge.token()));
    }
    return ended;
  }
}
