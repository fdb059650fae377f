// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes updated rows of a table that has columns for which nothing is staged: the staged values
 * and those that the row had. The latter are held in memory for a bounded number of batches of the
 * table; for each such portion the staged files are read again.
 */
final class KeptColumns {
  private static final int MAX_BATCHES = 1000;
  private static final int MAX_ROWS = 1 << 20;

  private final RowReader reader;
  private final ColumnMatch match;
  private final MergePlanner.Input input;
  private final MergeFiles files;
  private final long fileBytes;
  private final StructType kept;
  private final StructType schema;

  KeptColumns(
      RowReader reader,
      ColumnMatch match,
      MergePlanner.Input input,
      MergeFiles files,
      long fileBytes) {
    this.reader = reader;
    this.match = match;
    this.input = input;
    this.files = files;
    this.fileBytes = fileBytes;
    this.kept = new StructType(match.targetOnly());
    StructType all = match.targetSchema();
    for (var field : match.targetOnly()) {
      all = all.add(field);
    }
    this.schema = all;
  }

  /** The values that rows of a portion had. */
  private static final class Portion {
    final List<ColumnarBatch> batches = new ArrayList<>();
    final LongList staged = new LongList();
    final LongList places = new LongList();

    boolean isFull() {
      return batches.size() >= MAX_BATCHES || staged.size() >= MAX_ROWS;
    }
  }

  void write(MergeDecision.Updates updates) {
    Portion portion = new Portion();
    int next = 0;
    while (next < updates.target().size()) {
      int file = RowAddress.file(updates.target().at(next));
      try (CloseableIterator<RowBatch> batches =
          reader.read(input.table().orElseThrow(), input.target().get(file), kept)) {
        while (batches.hasNext()) {
          next = collect(updates, next, file, batches.next(), portion);
          if (portion.isFull()) {
            flush(portion);
            portion = new Portion();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    flush(portion);
  }

  private static int collect(
      MergeDecision.Updates updates, int from, int file, RowBatch batch, Portion portion) {
    long end = RowAddress.of(file, batch.firstRow() + batch.size());
    int next = from;
    while (next < updates.target().size() && updates.target().at(next) < end) {
      if (next == from) {
        portion.batches.add(batch.data());
      }
      int row = RowAddress.row(updates.target().at(next)) - (int) batch.firstRow();
      portion.staged.add(updates.staged().at(next));
      portion.places.add(RowAddress.of(portion.batches.size() - 1, row));
      next++;
    }
    return next;
  }

  private void flush(Portion portion) {
    AddressMap places = new AddressMap(portion.staged.size());
    TreeMap<Integer, BitSet> rows = new TreeMap<>();
    for (int i = 0; i < portion.staged.size(); i++) {
      long address = portion.staged.at(i);
      places.put(address, i);
      rows.computeIfAbsent(RowAddress.file(address), file -> new BitSet())
          .set(RowAddress.row(address));
    }
    rows.forEach((file, selected) -> write(portion, places, file, selected));
  }

  private void write(Portion portion, AddressMap places, int file, BitSet selected) {
    TableFile staged = input.staged().get(file);
    CloseableIterator<RowBatch> merged =
        reader
            .read(staged, match.stagedSchema())
            .map(
                batch ->
                    new RowBatch(
                        merged(portion, places, file, batch), batch.selection(), batch.firstRow()));
    double rowBytes =
        (double) staged.status().getSize() / Math.max(1, staged.rowCount().orElse(1L));
    files.write(
        schema,
        Selections.of(merged, (batch, row) -> selected.get((int) batch.firstRow() + row), rowBytes),
        fileBytes);
  }

  private ColumnarBatch merged(Portion portion, AddressMap places, int file, RowBatch batch) {
    int[] source = new int[batch.size()];
    int[] row = new int[batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      int place = places.get(RowAddress.of(file, batch.firstRow() + i));
      source[i] = place < 0 ? -1 : RowAddress.file(portion.places.at(place));
      row[i] = place < 0 ? 0 : RowAddress.row(portion.places.at(place));
    }
    List<ColumnVector> vectors = new ArrayList<>();
    for (int column = 0; column < match.columns().size(); column++) {
      vectors.add(batch.data().getColumnVector(column));
    }
    for (int column = 0; column < kept.length(); column++) {
      int ordinal = column;
      List<ColumnVector> sources =
          portion.batches.stream().map(data -> data.getColumnVector(ordinal)).toList();
      vectors.add(new GatheredVector(kept.at(column).getDataType(), sources, source, row));
    }
    return new DataBatch(schema, vectors, batch.size());
  }
}
