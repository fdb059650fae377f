// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.plan;

import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.DescribedView;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceKind;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What a planner asks. */
final class PlannerFakes {
  private PlannerFakes() {}

  /** Every view of schema {@code sof} has id, ts, day and text; {@code sof.keyless} no id. */
  static final class Source implements ViewSource {
    @Override
    public DescribedView describeView(ViewName view) {
      if (!view.schema().equals("sof")) {
        throw new ExportRefusedException(
            List.of(ExportIssue.of("view-not-found", "There is no view " + view + ".")));
      }
      List<ViewColumn> columns = new ArrayList<>();
      if (!view.name().equals("keyless")) {
        columns.add(new ViewColumn("id", ColumnType.STRING, "text"));
      }
      columns.add(new ViewColumn("ts", ColumnType.TIMESTAMP, "timestamp with time zone"));
      columns.add(new ViewColumn("day", ColumnType.DATE, "date"));
      columns.add(new ViewColumn("text", ColumnType.STRING, "text"));
      columns.add(new ViewColumn("n", ColumnType.INT, "integer"));
      return new DescribedView(
          view,
          new ViewSchema(columns),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Set.of(SliceKind.WHOLE, SliceKind.KEY_HASH));
    }

    @Override
    public RowCursor openSlice(SliceRequest request, StopSignal stop) {
      throw new IllegalStateException("planning reads no rows");
    }
  }

  /** Plans what is asked for, and refuses with the issues it is given. */
  static final class Backend implements ExportBackend {
    final List<ExportIssue> issues = new ArrayList<>();
    Set<Capability> capabilities = EnumSet.allOf(Capability.class);

    @Override
    public String kind() {
      return "fake";
    }

    @Override
    public Set<Capability> capabilities() {
      return capabilities;
    }

    @Override
    public ExportPlan planExport(PlanContext context) {
      if (!issues.isEmpty()) {
        throw new ExportRefusedException(issues);
      }
      return new ExportPlan(
          context.views().stream()
              .map(
                  view ->
                      new ExportPlan.ViewPlan(
                          view.settings().chunkCount().orElse(1), "t/" + view.name()))
              .toList());
    }

    @Override
    public void setupExport(SetupContext context) {
      throw new IllegalStateException("planning only");
    }

    @Override
    public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
      throw new IllegalStateException("planning only");
    }

    @Override
    public FinalizeStep finalizeExport(FinalizeContext context) {
      throw new IllegalStateException("planning only");
    }
  }
}
