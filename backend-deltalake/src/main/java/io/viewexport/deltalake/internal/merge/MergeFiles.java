// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.viewexport.api.backend.TaskContext;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Puts the files of one merge into the target's directory. What was put there is known at any time,
 * also after a failure half-way.
 */
final class MergeFiles {
  private final LakeStorage storage;
  private final TaskContext context;
  private final RowReader reader;
  private final String directory;
  private final FileNames names;
  private final List<NewFile> added = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private final List<TableFile> removed = new ArrayList<>();

  MergeFiles(LakeStorage storage, TaskContext context, String directory, FileNames names) {
    this.storage = storage;
    this.context = context;
    this.reader = new RowReader(storage, context);
    this.directory = directory;
    this.names = names;
  }

  /** The files that are new, in the directory already. */
  List<NewFile> added() {
    return added;
  }

  /** The files of the table that they replace. */
  List<TableFile> removed() {
    return removed;
  }

  /** The paths of all files that were begun. */
  List<String> begun() {
    return begun.stream().map(name -> directory + "/" + name).toList();
  }

  private String begin() {
    context.stop().throwIfStopped();
    String name = names.next();
    begun.add(name);
    return name;
  }

  /** Takes a staged file over as it is. */
  void adopt(TableFile file) {
    String name = begin();
    storage.linkOrCopy(file.status().getPath(), directory + "/" + name);
    add(
        new NewFile(
            name,
            file.status().getSize(),
            file.status().getModificationTime(),
            file.statistics().orElseThrow()));
  }

  private void add(NewFile file) {
    added.add(file);
    context.progress(file.size());
  }

  /**
   * Writes rows into files of about one size.
   *
   * @param rows batches of this schema; is closed
   */
  void write(StructType schema, CloseableIterator<Weighed> rows, long fileBytes) {
    try (rows) {
      while (rows.hasNext()) {
        DeltaTable.writeFile(storage, directory, begin(), schema, new Limited(rows, fileBytes))
            .ifPresent(this::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file of the table again, without some of its rows. */
  void rewrite(DeltaTable table, TableFile file, BitSet without) {
    StructType schema = table.schema();
    removed.add(file);
    try (CloseableIterator<RowBatch> batches = reader.read(table, file, schema)) {
      write(
          schema,
          Selections.of(batches, (batch, row) -> !isIn(without, batch, row), 0),
          Long.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isIn(BitSet rows, RowBatch batch, int row) {
    return rows.get((int) batch.firstRow() + row);
  }

  /**
   * Staged rows, under the target's names and types.
   *
   * @param rows which of the file's rows
   */
  CloseableIterator<Weighed> staged(TableFile file, ColumnMatch match, BitSet rows) {
    double rowBytes = (double) file.status().getSize() / Math.max(1, file.rowCount().orElse(1L));
    StructType renamed = match.targetSchema();
    CloseableIterator<RowBatch> batches =
        reader
            .read(file, match.stagedSchema())
            .map(
                batch ->
                    new RowBatch(
                        renamed(batch.data(), renamed), batch.selection(), batch.firstRow()));
    return Selections.of(batches, (batch, row) -> isIn(rows, batch, row), rowBytes);
  }

  private static ColumnarBatch renamed(ColumnarBatch data, StructType schema) {
    List<ColumnVector> vectors = new ArrayList<>();
    for (int column = 0; column < schema.length(); column++) {
      vectors.add(data.getColumnVector(column));
    }
    return new DataBatch(schema, vectors, data.getSize());
  }

  /**
   * Rows to write.
   *
   * @param rows at least one is selected
   * @param bytes about what the selected rows take in a file
   */
  record Weighed(FilteredColumnarBatch rows, double bytes) {}

  /** The batches until a file is full; never closes what it takes them from. */
  private static final class Limited implements CloseableIterator<FilteredColumnarBatch> {
    private final CloseableIterator<Weighed> rows;
    private final double limit;
    private double bytes;

    Limited(CloseableIterator<Weighed> rows, long limit) {
      this.rows = rows;
      this.limit = limit;
    }

    @Override
    public boolean hasNext() {
      return bytes < limit && rows.hasNext();
    }

    @Override
    public FilteredColumnarBatch next() {
      Weighed batch = rows.next();
      bytes += batch.bytes();
      return batch.rows();
    }

    @Override
    public void close() {}
  }
}
