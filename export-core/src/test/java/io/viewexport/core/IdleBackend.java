// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.view.RowCursor;
import io.viewexport.core.store.TestJobs;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads the rows and keeps none, so that what is measured is the engine and its store. */
final class IdleBackend implements ExportBackend {
  final AtomicInteger chunks = new AtomicInteger();

  @Override
  public String kind() {
    return TestJobs.KIND;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public ExportPlan planExport(PlanContext context) {
    return new ExportPlan(
        context.views().stream()
            .map(
                view ->
                    new ExportPlan.ViewPlan(
                        view.settings().chunkCount().orElse(1), "target/" + view.name()))
            .toList());
  }

  @Override
  public void setupExport(SetupContext context) {}

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    while (rows.next()) {
      context.progress(8);
    }
    chunks.incrementAndGet();
    return new ChunkReceipt(context.chunk() + "#" + context.attempt(), rows.rowCount(), 8);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    return new FinalizeStep.Done("nowhere/" + context.view().name(), MergeCounts.UNKNOWN);
  }
}
