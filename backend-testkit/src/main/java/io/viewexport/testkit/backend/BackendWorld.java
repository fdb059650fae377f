// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.ExportRequest;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewRequest;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSource;
import io.viewexport.testkit.InMemoryBackend;
import io.viewexport.testkit.InMemoryLake;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.SampleViewSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A fresh place with servers on it, and what the tests do with them. */
final class BackendWorld implements AutoCloseable {
  final BackendFixture fixture;

  /** The first server's. */
  final ExportBackend backend;

  private final SampleViewSource views = new SampleViewSource();
  private final InMemoryLake model = new InMemoryLake();
  private final List<ExportBackend> opened = new ArrayList<>();
  private UnaryOperator<RowCursor> reading = UnaryOperator.identity();
  private int numbers;
  private boolean refused;

  BackendWorld(BackendFixture fixture) {
    this.fixture = fixture;
    this.backend = another();
  }

  /** One more server's. */
  ExportBackend another() {
    ExportBackend next = fixture.openBackend();
    opened.add(next);
    return next;
  }

  /** Whether this test has found that something is refused as declared. */
  boolean isRefused() {
    return refused;
  }

  void noteRefused() {
    refused = true;
  }

  /** A name that was not used before. */
  String newTarget() {
    return "target_" + ++numbers;
  }

  /** An export of rows to a new target. */
  SampleExport export(SampleRows rows) {
    return SampleExport.of(newTarget(), rows);
  }

  /** What becomes of each cursor that is opened from now on. */
  void reading(UnaryOperator<RowCursor> by) {
    reading = by;
  }

  /** A job of views, none of which is planned yet. */
  ManualJob job(SampleExport... exports) {
    return new ManualJob(request(exports), source());
  }

  ExportRequest request(SampleExport... exports) {
    ExportRequest.Builder request = ExportRequest.builder(backend.kind());
    for (SampleExport export : exports) {
      Map<String, String> parameters = new HashMap<>(fixture.parameters(export.target()));
      parameters.putAll(export.more());
      request.view(view(export, parameters));
    }
    return request.build();
  }

  /** A job with this id. */
  ManualJob job(String id, SampleExport... exports) {
    return new ManualJob(new JobId(id), request(exports), source());
  }

  private ViewRequest view(SampleExport export, Map<String, String> parameters) {
    ViewName name = new ViewName("sof", "view_" + ++numbers);
    views.put(name, export.rows());
    return new ViewRequest(name.name(), name, export.options(), parameters);
  }

  /** The views of all jobs so far. */
  ViewSource source() {
    return new ViewSource() {
      @Override
      public DescribedView describeView(ViewName view) {
        return views.describeView(view);
      }

      @Override
      public RowCursor openSlice(SliceRequest request, StopSignal stop) {
        return reading.apply(views.openSlice(request, stop));
      }
    };
  }

  /** Runs an export from plan to clean-up and says what finalize answered. */
  FinalizeStep.Done run(SampleExport export) {
    return job(export).run(backend).get(0);
  }

  /** Runs exports one after the other, and the same in a model whose target is then expected. */
  void runAndCompare(SampleExport... exports) {
    for (SampleExport export : exports) {
      run(export);
      assertTarget(export.target(), modelled(export), "after mode " + export.mode().code());
    }
  }

  /** What the target of an export holds after it by the rules, in the columns of its view. */
  SampleRows modelled(SampleExport export) {
    return modelled(export, export.rows().schema());
  }

  /** The same, in these columns. */
  SampleRows modelled(SampleExport export, ViewSchema schema) {
    runModel(export);
    return projected(model.target(export.target()).orElseThrow(), schema);
  }

  /** What finalize answers for an export by the rules. */
  FinalizeStep.Done runModel(SampleExport export) {
    ViewRequest view = view(export, Map.of(InMemoryBackend.TARGET, export.target()));
    ExportRequest request = ExportRequest.builder(InMemoryBackend.KIND).view(view).build();
    return new ManualJob(request, views).run(new InMemoryBackend(model)).get(0);
  }

  static SampleRows projected(SampleRows rows, ViewSchema schema) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    for (List<@Nullable Object> row : rows.rows()) {
      List<@Nullable Object> values = new ArrayList<>();
      schema
          .columns()
          .forEach(
              column -> values.add(row.get(rows.schema().indexOf(column.name()).orElseThrow())));
      all.add(values);
    }
    return new SampleRows(schema, all);
  }

  /** The rows of a target; none where it is not there. */
  SampleRows rows(String target, ViewSchema schema) {
    return fixture.read(target, schema).orElse(new SampleRows(schema, List.of()));
  }

  void assertTarget(String target, SampleRows expected, String when) {
    assertThat(RowSet.difference(expected, rows(target, expected.schema())))
        .as("difference of the target's rows, %s", when)
        .isEmpty();
  }

  void assertEmpty(String target, String when) {
    assertTarget(target, Samples.none(), when);
  }

  /** Nothing lies about. */
  void assertClean(String when) {
    assertThat(fixture.residue()).as("what is left beside the targets, %s", when).isEmpty();
  }

  /** Whether targets are merged by key; where they are not, notes that this is as declared. */
  boolean merges() {
    if (fixture.existingTarget() == ExistingTarget.MERGED) {
      return true;
    }
    noteRefused();
    return false;
  }

  /** The modes that the backend lists, insert first. */
  List<MergeMode> modes() {
    List<MergeMode> modes = new ArrayList<>(List.of(MergeMode.INSERT));
    for (MergeMode mode : List.of(MergeMode.UPSERT, MergeMode.HISTORY, MergeMode.REPLACE)) {
      if (backend.capabilities().contains(Capability.valueOf(mode.name()))) {
        modes.add(mode);
      }
    }
    return modes;
  }

  @Override
  public void close() {
    opened.forEach(ExportBackend::close);
    fixture.close();
  }
}
