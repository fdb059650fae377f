// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store.jdbi;

import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.PlannedExport.PlannedView;
import io.viewexport.core.state.TaskType;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Collects the tasks of a job and stores them by one statement. */
final class PlannedTasks {
  private final List<String> types = new ArrayList<>();
  private final List<Integer> views = new ArrayList<>();
  private final List<Integer> chunks = new ArrayList<>();
  private final List<Integer> ordinals = new ArrayList<>();
  private final List<@Nullable String> slices = new ArrayList<>();
  private final List<@Nullable String> keys = new ArrayList<>();

  /** The number of the next chunk in the job. */
  private int ordinal;

  private PlannedTasks() {}

  /** Stores the views of a plan and their tasks. */
  static void insert(
      Database database, Handle handle, JobId job, ExportRequest request, PlannedExport plan) {
    List<String> definitions =
        plan.views().stream().map(planned -> ViewJson.write(planned.view())).toList();
    database
        .update(handle, "insert-views")
        .bind("job", job.value())
        .bindArray("definitions", String.class, definitions)
        .execute();
    PlannedTasks tasks = new PlannedTasks();
    for (int view = 0; view < plan.views().size(); view++) {
      tasks.add(view, plan.views().get(view));
    }
    tasks.add(TaskType.CLEANUP, 0, 0, 0, null, null);
    String chunkKind =
        request.snapshotMode() == SnapshotMode.SHARED
            ? SharedKind.of(request.kind())
            : request.kind();
    tasks.insert(database, handle, job, new Kinds(request.kind(), chunkKind), plan.views().size());
  }

  /** Stores the one task of a job that has no plan yet. */
  static void insertPlanning(Database database, Handle handle, JobId job, String kind) {
    PlannedTasks tasks = new PlannedTasks();
    tasks.add(TaskType.PLAN, 0, 0, 0, null, null);
    tasks.insert(database, handle, job, new Kinds(kind, kind), 0);
  }

  private void add(int view, PlannedView planned) {
    add(TaskType.SETUP, view, 0, view, null, null);
    int chunk = 0;
    for (ViewSlice slice : planned.slices()) {
      add(TaskType.CHUNK, view, chunk++, ordinal++, StoredJson.write(slice), null);
    }
    add(TaskType.FINALIZE, view, 0, view, null, planned.exclusionKey());
  }

  private void add(
      TaskType type,
      int view,
      int chunk,
      int number,
      @Nullable String slice,
      @Nullable String key) {
    types.add(type.name());
    views.add(view);
    chunks.add(chunk);
    ordinals.add(number);
    slices.add(slice);
    keys.add(key);
  }

  private long count(TaskType type) {
    return types.stream().filter(type.name()::equals).count();
  }

  /** By which kinds the tasks are claimed: chunks, and the others. */
  private record Kinds(String usual, String chunks) {}

  private void insert(Database database, Handle handle, JobId job, Kinds kinds, int viewCount) {
    database
        .update(handle, "insert-tasks")
        .bind("job", job.value())
        .bind("kind", kinds.usual())
        .bind("chunkKind", kinds.chunks())
        .bindArray("types", String.class, types)
        .bindArray("views", Integer.class, views)
        .bindArray("chunks", Integer.class, chunks)
        .bindArray("ordinals", Integer.class, ordinals)
        .bindArray("slices", String.class, slices)
        .bindArray("keys", String.class, keys)
        .execute();
    database
        .update(handle, "count-plan")
        .bind("job", job.value())
        .bind("views", viewCount)
        .bind("plan", count(TaskType.PLAN))
        .bind("setup", count(TaskType.SETUP))
        .bind("chunk", count(TaskType.CHUNK))
        .bind("finalize", count(TaskType.FINALIZE))
        .bind("cleanup", count(TaskType.CLEANUP))
        .execute();
  }
}
