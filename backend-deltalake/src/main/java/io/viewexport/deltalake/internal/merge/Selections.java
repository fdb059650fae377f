// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.BitSet;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The batches in which any row is selected, with the selection. */
final class Selections implements CloseableIterator<MergeFiles.Weighed> {
  private final CloseableIterator<RowBatch> batches;
  private final Filter filter;
  private final double rowBytes;
  private MergeFiles.@Nullable Weighed next;

  /** Says which rows are meant; hidden rows never are. */
  @FunctionalInterface
  interface Filter {
    /** Whether the row of the batch is. */
    boolean takes(RowBatch batch, int row);
  }

  private Selections(CloseableIterator<RowBatch> batches, Filter filter, double rowBytes) {
    this.batches = batches;
    this.filter = filter;
    this.rowBytes = rowBytes;
  }

  static Selections of(CloseableIterator<RowBatch> batches, Filter filter, double rowBytes) {
    return new Selections(batches, filter, rowBytes);
  }

  @Override
  public boolean hasNext() {
    while (next == null && batches.hasNext()) {
      next = select(batches.next());
    }
    return next != null;
  }

  private MergeFiles.@Nullable Weighed select(RowBatch batch) {
    BitSet selected = new BitSet(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      if (batch.isLive(row) && filter.takes(batch, row)) {
        selected.set(row);
      }
    }
    if (selected.isEmpty()) {
      return null;
    }
    return new MergeFiles.Weighed(
        new FilteredColumnarBatch(
            batch.data(), Optional.of(new BitVector(batch.size(), selected::get))),
        selected.cardinality() * rowBytes);
  }

  @Override
  public MergeFiles.Weighed next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    MergeFiles.Weighed taken = next;
    next = null;
    if (taken == null) {
      throw new NoSuchElementException();
    }
    return taken;
  }

  @Override
  public void close() throws IOException {
    batches.close();
  }
}
