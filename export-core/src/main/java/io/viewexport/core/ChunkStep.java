// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.SnapshotMode;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.HeldSnapshot;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.SnapshotState;
import io.viewexport.core.store.TaskId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Opens the rows of a chunk, hands them to the backend and checks the receipt. */
final class ChunkStep implements TaskStep {
  /** How long a chunk waits that finds no snapshot to be read under. */
  private static final Duration NOT_READY = Duration.ofMillis(200);

  private final JobStore store;
  private final ViewSource source;
  private final NextSinces nextSinces;
  private final SharedSnapshots snapshots;
  private final IntSupplier running;

  /**
   * A step.
   *
   * @param running how many tasks this server runs
   */
  ChunkStep(
      JobStore store,
      ViewSource source,
      ExportConfig config,
      SharedSnapshots snapshots,
      IntSupplier running) {
    this.store = store;
    this.source = source;
    this.nextSinces = new NextSinces(source, config);
    this.snapshots = snapshots;
    this.running = running;
  }

  @Override
  public TaskEvent run(Attempt attempt) {
    return attempt.job().request().snapshotMode() == SnapshotMode.SHARED
        ? exportShared(attempt)
        : exportAlone(attempt);
  }

  /** What is asked of the transactions under way is asked before the rows' snapshot is taken. */
  private TaskEvent exportAlone(Attempt attempt) {
    ChunkOrigin origin = new ChunkOrigin(0, nextSinces.of(attempt.view()));
    return export(attempt, Optional.empty(), origin);
  }

  private TaskEvent exportShared(Attempt attempt) {
    SnapshotState state;
    try {
      state = snapshots.of(attempt.job(), attempt.held(), running);
    } catch (SnapshotNotReadyException notReady) {
      return new TaskEvent.Released(false, NOT_READY);
    }
    if (state.held().isEmpty()) {
      return exportAlone(attempt);
    }
    HeldSnapshot held = state.held().get();
    ChunkOrigin origin =
        new ChunkOrigin(state.generation(), held.nextSinces().get(attempt.view().index()));
    try {
      return export(attempt, Optional.of(held.name()), origin);
    } catch (ExportException failed) {
      if (!failed.code().equals("snapshot-gone")) {
        throw failed;
      }
      snapshots.lost(attempt.job().id(), state.generation());
      return new TaskEvent.Released(false, NOT_READY);
    }
  }

  private TaskEvent export(Attempt attempt, Optional<String> snapshot, ChunkOrigin origin) {
    try (RowCursor rows = source.openSlice(slice(attempt, snapshot), attempt.held())) {
      attempt.held().follow(rows);
      ChunkReceipt receipt = attempt.backend().exportChunk(new Context(attempt, store), rows);
      check(receipt, rows);
      return new TaskEvent.ChunkExported(receipt, origin);
    }
  }

  private static SliceRequest slice(Attempt attempt, Optional<String> snapshot) {
    ExportView view = attempt.view();
    ViewSettings settings = view.settings();
    return new SliceRequest(
        view.description().name(),
        view.description().schema(),
        attempt.claim().slice().orElseGet(ViewSlice.Whole::new),
        settings.mergeKey(),
        settings.timestampColumn(),
        settings.patientColumn(),
        settings.filters(),
        snapshot);
  }

  private static void check(ChunkReceipt receipt, RowCursor rows) {
    long given = rows.rowCount();
    if (receipt.rowCount() != given) {
      throw mismatch("counts " + receipt.rowCount() + " rows where " + given + " were read");
    }
    if (rows.next()) {
      throw mismatch("was given before the rows were read to their end");
    }
    if (receipt.payload().indexOf('\0') >= 0) {
      throw mismatch("holds a character of code 0, which no store keeps");
    }
  }

  private static ExportException mismatch(String what) {
    String text = "The receipt " + what + "; this is a defect of the backend.";
    return ExportException.permanent("receipt-mismatch", text, null);
  }

  private static final class Context extends AttemptContext implements ChunkContext {
    private final ExportView view;
    private final ChunkId chunk;

    Context(Attempt attempt, JobStore store) {
      super(attempt, store);
      TaskId task = attempt.task();
      view = attempt.view();
      chunk = new ChunkId(task.job(), task.view(), task.chunk());
    }

    @Override
    public ExportView view() {
      return view;
    }

    @Override
    public ChunkId chunk() {
      return chunk;
    }
  }
}
