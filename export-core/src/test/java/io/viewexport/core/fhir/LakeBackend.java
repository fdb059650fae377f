// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.fhir;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.view.RowCursor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A backend that keeps nothing: its parameters are {@code tableName} and two more. */
public final class LakeBackend implements ExportBackend {
  public static final String KIND = "lake";
  final List<BackendParameter> parameters = new ArrayList<>();
  volatile boolean fails;

  /** Whether a file size must be given. */
  volatile boolean needsSize;

  volatile Runnable cancelDuringMerge = () -> {};

  /** A backend that works. */
  public LakeBackend() {
    parameters.add(new BackendParameter("tableName", BackendParameter.Type.STRING, "The table."));
    parameters.add(
        new BackendParameter(
            "targetFileSizeMb", BackendParameter.Type.INTEGER, "The size of files."));
    parameters.add(
        new BackendParameter("compact", BackendParameter.Type.BOOLEAN, "Whether to compact."));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public List<BackendParameter> parameters() {
    return parameters;
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    List<ExportIssue> issues = new ArrayList<>();
    for (ExportView view : context.views()) {
      if (view.parameters().getOrDefault("tableName", "t").equals("forbidden")) {
        String part = expression(context, view, "tableName");
        issues.add(ExportIssue.of("table-not-allowed", "This table is not allowed.", part));
      }
      if (needsSize && !view.parameters().containsKey("targetFileSizeMb")) {
        String part = expression(context, view, "targetFileSizeMb");
        issues.add(ExportIssue.of("missing-parameter", "How large are files?", part));
      }
      if (view.description().schema().find(view.settings().mergeKey().get(0)).isEmpty()) {
        issues.add(ExportIssue.of("no-key-column", "The view has no such column.", "mergeKey"));
      }
    }
    if (!issues.isEmpty()) {
      throw new ExportRefusedException(issues);
    }
    return new ExportPlan(
        context.views().stream()
            .map(
                view ->
                    new ExportPlan.ViewPlan(
                        view.settings().chunkCount().orElse(1), "lake/" + view.name()))
            .toList());
  }

  /** As the backends say it. */
  private static String expression(PlanContext context, ExportView view, String name) {
    return context.views().size() == 1 ? name : "view[" + view.index() + "]." + name;
  }

  @Override
  public void setupExport(SetupContext context) {}

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    if (fails) {
      throw ExportException.permanent("target-not-writable", "The target can't be written.", null);
    }
    while (rows.next()) {
      context.progress(1);
    }
    return new ChunkReceipt(context.chunk() + "#" + context.attempt(), rows.rowCount(), 0);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    cancelDuringMerge.run();
    return new FinalizeStep.Done("lake:" + context.view().name(), MergeCounts.of(0, 0, 0, 0));
  }
}
