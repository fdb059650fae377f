// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.warehouse;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.backend.FinalizeContext.Intent;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.deltalake.internal.merge.MergeSpec;
import io.viewexport.deltalake.internal.merge.MergeStatement;
import io.viewexport.deltalake.internal.merge.WarehouseMatch;
import io.viewexport.deltalake.internal.merge.WarehouseTarget;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.warehouse.MergeProgress.Phase;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one call of {@link WarehouseMerge#run} has at hand: its view, its tools, how far it is. */
final class MergeCall {
  private final Tools tools;
  private final FinalizeContext context;
  private final Work work;
  private final MergeProgress progress;
  private @Nullable WarehouseTarget described;

  /**
   * What runs it.
   *
   * @param warehouse the warehouse
   * @param settings how long it waits for what
   * @param clock this server's
   */
  record Tools(SqlWarehouse warehouse, WarehouseSettings settings, Clock clock) {}

  /**
   * What there is to do.
   *
   * @param spec what is merged, and how
   * @param target describes the target
   * @param staged what the receipts name
   */
  record Work(
      MergeSpec spec, Supplier<WarehouseTarget> target, Supplier<List<StagedChunk>> staged) {}

  MergeCall(Tools tools, FinalizeContext context, Work work, MergeProgress progress) {
    this.tools = tools;
    this.context = context;
    this.work = work;
    this.progress = progress;
  }

  Tools tools() {
    return tools;
  }

  SqlWarehouse warehouse() {
    return tools.warehouse();
  }

  FinalizeContext context() {
    return context;
  }

  StopSignal stop() {
    return context.stop();
  }

  MergeSpec spec() {
    return work.spec();
  }

  MergeProgress progress() {
    return progress;
  }

  boolean isWithdrawal() {
    return context.intent() == Intent.WITHDRAW;
  }

  /** Rows in all receipts. */
  long rowCount() {
    return work.staged().get().stream().mapToLong(StagedChunk::rowCount).sum();
  }

  /** What the output is called. */
  String location() {
    return "databricks-uc:" + work.spec().target();
  }

  /** What failures are about. */
  WarehouseFailures.Subject subject() {
    return new WarehouseFailures.Subject(
        WarehouseMerge.doing(context),
        tools.warehouse().id(),
        TableName.parse(work.spec().target()));
  }

  /** The next call comes after a while, and finds this one's progress. */
  FinalizeStep again() {
    var wait = progress.nextWait();
    return new FinalizeStep.Again(progress.text(), wait);
  }

  /** The view against the target, which is described once a call. */
  WarehouseMatch match() {
    if (described == null) {
      described = work.target().get();
    }
    WarehouseMatch match = WarehouseMatch.of(work.spec().schema(), described);
    if (!match.problems().isEmpty()) {
      throw ExportException.permanent(
          "target-not-supported",
          "The table "
              + match.target().name()
              + " can't be merged into: "
              + String.join(" ", match.problems()),
          null);
    }
    return match;
  }

  /** Throws, by a failure of its own, where the target is not there. */
  void requireTarget() {
    described = work.target().get();
  }

  /** The tables that the receipts name. */
  List<TableName> stagedTables() {
    List<TableName> tables = work.staged().get().stream().map(StagedChunk::table).toList();
    int most = MergeStatement.maxChunks(work.spec());
    if (tables.size() > most) {
      throw ExportException.permanent(
          "too-many-chunks",
          tables.size()
              + " chunks are more than the "
              + most
              + " that one merge of this view can read; use a smaller chunkCount.",
          null);
    }
    return tables;
  }

  /** Before a failure after which another attempt begins anew, with limits of its own. */
  void saveFresh() {
    progress.enter(Phase.START, "");
    progress.conflicts = 0;
    progress.looks = 0;
    context.saveCheckpoint(progress.text());
  }

  /** No merge runs. Where that can't be noted, the next attempt finds it out by a search. */
  void saveFresh(ExportException failure) {
    try {
      saveFresh();
    } catch (ExportException | ExportStoppedException e) {
      failure.addSuppressed(e);
    }
  }
}
