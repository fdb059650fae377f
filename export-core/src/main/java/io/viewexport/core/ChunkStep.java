// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkId;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.ViewSettings;
import io.viewexport.api.view.NextSince;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.api.view.ViewSource;
import io.viewexport.core.state.ChunkOrigin;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.TaskId;
import java.util.Optional;

/** Opens the rows of a chunk, hands them to the backend and checks the receipt. */
final class ChunkStep implements TaskStep {
  private final JobStore store;
  private final ViewSource source;
  private final ExportConfig config;

  ChunkStep(JobStore store, ViewSource source, ExportConfig config) {
    this.store = store;
    this.source = source;
    this.config = config;
  }

  @Override
  public TaskEvent run(Attempt attempt) {
    ChunkOrigin origin = new ChunkOrigin(0, nextSince(attempt.view()));
    try (RowCursor rows = source.openSlice(slice(attempt), attempt.held())) {
      attempt.held().follow(rows);
      ChunkReceipt receipt = attempt.backend().exportChunk(new Context(attempt, store), rows);
      check(receipt, rows);
      return new TaskEvent.ChunkExported(receipt, origin);
    }
  }

  /** Asked before the rows' snapshot is taken. */
  private NextSince nextSince(ExportView view) {
    if (view.settings().timestampColumn().isEmpty()) {
      return NextSince.withheld(
          "no-timestamp-column",
          "View %s is exported without a timestamp column; name one by timestampColumn."
              .formatted(view.name()));
    }
    NextSince found = source.nextSince(view.description().name()).minus(config.sinceMargin());
    if (found.withheld().isPresent() && config.nextSince() == NextSincePolicy.REQUIRE) {
      String text = "When the next export has to begin can't be known. ";
      throw ExportException.retryable(
          "next-since-unknown", text + found.withheld().get().message(), null);
    }
    return found;
  }

  private static SliceRequest slice(Attempt attempt) {
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
        Optional.empty());
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
