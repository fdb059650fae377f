// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.Capability;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.backend.PlanContext;
import io.viewexport.api.backend.SetupContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.view.RowCursor;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend in memory whose calls a test can replace; it notes each call. */
final class ScriptedBackend implements ExportBackend {
  /** Exports a chunk. */
  interface ChunkScript {
    ChunkReceipt run(ChunkContext context, RowCursor rows);
  }

  /** Finalizes a view. */
  interface FinalizeScript {
    FinalizeStep run(FinalizeContext context);
  }

  /** Cleans up. */
  interface CleanupScript {
    void run(CancelContext context);
  }

  static final String KIND = "scripted";

  final List<String> calls = new CopyOnWriteArrayList<>();
  final Map<String, List<Long>> staged = new ConcurrentHashMap<>();
  final Map<String, List<Long>> target = new ConcurrentHashMap<>();
  final List<CancelContext.EndedView> cleaned = new CopyOnWriteArrayList<>();
  Set<Capability> capabilities = EnumSet.allOf(Capability.class);
  volatile ChunkScript chunk = this::stage;
  volatile FinalizeScript merge = this::merge;
  volatile CleanupScript cleanup = context -> cleaned.addAll(context.views());

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
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
  public void setupExport(SetupContext context) {
    calls.add("setup " + context.view().name());
  }

  @Override
  public ChunkReceipt exportChunk(ChunkContext context, RowCursor rows) {
    calls.add(
        "chunk %s/%d#%d"
            .formatted(context.view().name(), context.chunk().chunk(), context.attempt()));
    return chunk.run(context, rows);
  }

  @Override
  public FinalizeStep finalizeExport(FinalizeContext context) {
    calls.add("%s %s#%d".formatted(context.intent(), context.view().name(), context.attempt()));
    return merge.run(context);
  }

  @Override
  public void cancelExport(CancelContext context) {
    calls.add("cleanup " + context.outcome());
    cleanup.run(context);
  }

  ChunkReceipt stage(ChunkContext context, RowCursor rows) {
    List<Long> ids = new ArrayList<>();
    while (rows.next()) {
      ids.add(rows.longValue(0));
    }
    context.progress(8L * ids.size());
    String place = context.chunk() + "#" + context.attempt();
    staged.put(place, ids);
    return new ChunkReceipt(place, ids.size(), 8L * ids.size());
  }

  FinalizeStep merge(FinalizeContext context) {
    TreeMap<Long, Long> rows = new TreeMap<>();
    for (AcceptedReceipt receipt : context.receipts()) {
      staged.getOrDefault(receipt.receipt().payload(), List.of()).forEach(id -> rows.put(id, id));
    }
    target.put(context.view().name(), List.copyOf(rows.keySet()));
    return new FinalizeStep.Done("memory:" + context.view().name(), MergeCounts.UNKNOWN);
  }
}
