// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.state.PlannedExport;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.store.ClaimRequest;
import io.viewexport.core.store.ClaimedTask;
import io.viewexport.core.store.NewJob;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Jobs, plans and events for the contract's tests. */
final class SampleJobs {
  static final String KIND = "memory";
  static final Duration LEASE = Duration.ofSeconds(30);
  static final MergeCounts COUNTS = MergeCounts.of(7, 0, 0, 1);

  private SampleJobs() {}

  static ExportRequest.Builder request(int views) {
    return request(KIND, views);
  }

  static ExportRequest.Builder request(String kind, int views) {
    ExportRequest.Builder request = ExportRequest.builder(kind);
    for (int view = 0; view < views; view++) {
      request.view(name(view));
    }
    return request;
  }

  static NewJob planned(int views, int chunks) {
    return planned(request(views).build(), chunks, "target-" + JobId.random() + "-");
  }

  /** Each view's exclusion key is the prefix and the view's number. */
  static NewJob planned(ExportRequest request, int chunks, String keyPrefix) {
    PlannedExport plan = plan(request.views().size(), chunks, keyPrefix);
    return new NewJob(JobId.random(), request, Optional.of(plan), false);
  }

  static NewJob unplanned(int views) {
    return new NewJob(JobId.random(), request(views).build(), Optional.empty(), false);
  }

  static PlannedExport plan(int views, int chunks, String keyPrefix) {
    List<PlannedExport.PlannedView> planned = new ArrayList<>();
    for (int view = 0; view < views; view++) {
      List<ViewSlice> slices = new ArrayList<>();
      for (int chunk = 0; chunk < chunks; chunk++) {
        slices.add(new ViewSlice.KeyHash(chunk, chunks));
      }
      planned.add(new PlannedExport.PlannedView(view(view), slices, keyPrefix + view));
    }
    return new PlannedExport(planned);
  }

  /** A plan whose views all go to one target. */
  static PlannedExport sameTarget(int views) {
    List<PlannedExport.PlannedView> planned = new ArrayList<>();
    for (int view = 0; view < views; view++) {
      List<ViewSlice> slices = List.of(new ViewSlice.KeyHash(0, 1));
      planned.add(new PlannedExport.PlannedView(view(view), slices, "one-target"));
    }
    return new PlannedExport(planned);
  }

  static ViewName name(int view) {
    return new ViewName("sof", "view" + view);
  }

  static ExportView view(int view) {
    ViewSchema schema =
        new ViewSchema(
            List.of(
                new ViewColumn("id", ColumnType.STRING, "text"),
                new ViewColumn("Größe \"x\"", ColumnType.decimal(10, 2), "numeric(10,2)")));
    DescribedView described =
        new DescribedView(
            name(view),
            schema,
            OptionalLong.of(100),
            OptionalLong.empty(),
            Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH));
    return new ExportView(
        view,
        "view" + view,
        described,
        ViewOptions.UNSET.resolve(ViewOptions.UNSET),
        Map.of("tablePath", "/t" + view));
  }

  static ClaimRequest claim(String worker, int limit) {
    return new ClaimRequest(worker, Set.of(KIND), limit, LEASE);
  }

  static FailureCause cause(FailureKind kind, String code) {
    return new FailureCause(kind, code, "Failed as " + code + ".");
  }

  static FailureCause retryable(String code) {
    return cause(FailureKind.RETRYABLE, code);
  }

  /** What a worker says when all went well. */
  static TaskEvent success(ClaimedTask task) {
    TaskId id = task.lease().task();
    return switch (id.type()) {
      case PLAN -> new TaskEvent.Planned(plan(1, 2, id.job() + "-"));
      case SETUP -> new TaskEvent.SetUp();
      case CHUNK -> new TaskEvent.ChunkExported(receipt(id, task.lease().token()));
      case FINALIZE -> new TaskEvent.Merged("file:/t" + id.view(), COUNTS);
      case CLEANUP -> new TaskEvent.CleanedUp(Duration.ofMinutes(5));
    };
  }

  static ChunkReceipt receipt(TaskId id, int token) {
    return new ChunkReceipt(id.view() + "/" + id.chunk() + "/a" + token, 10, 100);
  }

  static boolean is(ClaimedTask task, TaskType type) {
    return task.lease().task().type() == type;
  }
}
