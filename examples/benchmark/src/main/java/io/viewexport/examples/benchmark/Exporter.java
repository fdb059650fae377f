// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import io.viewexport.api.StopReason;
import io.viewexport.api.StopSignal;
import io.viewexport.api.backend.ExportView;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.ViewOptions;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.SliceRequest;
import io.viewexport.api.view.ViewFilters;
import io.viewexport.api.view.ViewName;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.api.view.ViewSlice;
import io.viewexport.core.source.PostgresViewSource;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.DeltaLakeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an engine does with a source and a backend, without one: one view, one chunk. */
final class Exporter implements AutoCloseable {
  private static final StopSignal NEVER =
      new StopSignal() {
        @Override
        public Optional<StopReason> reason() {
          return Optional.empty();
        }

        @Override
        public Registration onStop(Runnable action) {
          return () -> {};
        }
      };

  private final PostgresViewSource source;
  private final DeltaLakeBackend backend;

  Exporter(Database database, DeltaLakeConfig.Compression compression, Path directory) {
    this.source = PostgresViewSource.create(database.dataSource());
    this.backend =
        DeltaLakeBackend.create(
            DeltaLakeConfig.builder()
                .allowedRoots(List.of(directory))
                .compression(compression)
                .build());
  }

  /** The view as a job would see it, to be merged by {@code id} in this mode. */
  ExportView view(ViewName name, MergeMode mode, Path table) {
    ViewOptions options =
        ViewOptions.builder().mergeMode(mode).timestampColumn("last_updated").build();
    return new ExportView(
        0,
        name.name(),
        source.describeView(name),
        options.resolve(ViewOptions.UNSET),
        Map.of("tablePath", table.toString()));
  }

  /** Opens all rows; the caller closes them. */
  RowCursor open(ExportView view) {
    return source.openSlice(
        new SliceRequest(
            view.description().name(),
            view.description().schema(),
            new ViewSlice.Whole(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            ViewFilters.NONE,
            Optional.empty()),
        NEVER);
  }

  /** Reads every value of every row and keeps none. */
  long touch(ExportView view) {
    ViewSchema schema = view.description().schema();
    ColumnType.Kind[] kinds =
        schema.columns().stream()
            .map(column -> column.type().kind())
            .toArray(ColumnType.Kind[]::new);
    long sum = 0;
    try (RowCursor rows = open(view)) {
      while (rows.next()) {
        for (int i = 0; i < kinds.length; i++) {
          sum += rows.isNull(i) ? 1 : touch(rows, i, kinds[i]);
        }
      }
    }
    return sum;
  }

  private static long touch(RowCursor rows, int column, ColumnType.Kind kind) {
    return switch (kind) {
      case BOOLEAN -> rows.booleanValue(column) ? 1 : 0;
      case INT, DATE -> rows.intValue(column);
      case BIGINT, TIMESTAMP, DECIMAL -> rows.longValue(column);
      case FLOAT -> (long) rows.floatValue(column);
      case DOUBLE -> (long) rows.doubleValue(column);
      case STRING, BINARY ->
          rows.bytes(column)[rows.byteOffset(column)] + (long) rows.byteLength(column);
    };
  }

  /** The whole pipeline of a chunk: from opening the slice to the committed staging table. */
  ChunkReceipt stage(JobId job, ExportView view) {
    try (RowCursor rows = open(view)) {
      return backend.exportChunk(new Task(job, view, NEVER, List.of()), rows);
    }
  }

  /** Merges what was staged. */
  FinalizeStep.Done merge(JobId job, ExportView view, ChunkReceipt receipt) {
    FinalizeStep step = backend.finalizeExport(new Task(job, view, NEVER, List.of(receipt)));
    if (step instanceof FinalizeStep.Done done) {
      return done;
    }
    throw new IllegalStateException("not merged: " + step);
  }

  @Override
  public void close() {
    backend.close();
  }
}
