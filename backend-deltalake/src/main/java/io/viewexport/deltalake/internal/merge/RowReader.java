// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.Scan;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads columns of data files, batch by batch; asks before each whether to go on. */
final class RowReader {
  private final LakeStorage storage;
  private final TaskContext context;

  RowReader(LakeStorage storage, TaskContext context) {
    this.storage = storage;
    this.context = context;
  }

  /** Reads a file that has no deleted rows. */
  CloseableIterator<RowBatch> read(TableFile file, StructType columns) {
    context.progress(0);
    return numbered(
        physical(file, columns).map(batch -> new FilteredColumnarBatch(batch, Optional.empty())));
  }

  /** Reads a file of a table; text comes as bytes where that saves work. */
  CloseableIterator<RowBatch> readRaw(DeltaTable table, TableFile file, StructType columns) {
    return file.hasDeletedRows() ? read(table, file, columns) : read(file, raw(columns));
  }

  /** Reads a file of a table. */
  CloseableIterator<RowBatch> read(DeltaTable table, TableFile file, StructType columns) {
    if (!file.hasDeletedRows()) {
      return read(file, columns);
    }
    context.progress(0);
    Row state = table.scanState(columns);
    try {
      return numbered(
          Scan.transformPhysicalData(
              storage.engine(),
              state,
              file.scanRow(),
              physical(file, DeltaTable.physicalColumns(state))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CloseableIterator<ColumnarBatch> physical(TableFile file, StructType columns) {
    try {
      return storage
          .engine()
          .getParquetHandler()
          .readParquetFiles(
              Utils.singletonCloseableIterator(file.status()), columns, Optional.empty())
          .map(FileReadResult::getData);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same columns, text as bytes. */
  static StructType raw(StructType columns) {
    return new StructType(
        columns.fields().stream()
            .map(
                field ->
                    field.getDataType() instanceof StringType
                        ? new StructField(field.getName(), BinaryType.BINARY, field.isNullable())
                        : field)
            .toList());
  }

  private CloseableIterator<RowBatch> numbered(CloseableIterator<FilteredColumnarBatch> batches) {
    return new CloseableIterator<>() {
      private long next;

      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public RowBatch next() {
        context.stop().throwIfStopped();
        FilteredColumnarBatch batch = batches.next();
        long first = next;
        next += batch.getData().getSize();
        return new RowBatch(batch.getData(), batch.getSelectionVector(), first);
      }

      @Override
      public void close() throws IOException {
        batches.close();
      }
    };
  }
}
