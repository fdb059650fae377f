// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.viewexport.api.job.MergeMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The columns that a decision needs: the key's, or all where contents are compared. */
final class PassColumns {
  private static final long CONTENT_BYTES = 24;
  private static final long BAG_BYTES = 60;

  private final MergeMode mode;
  private final List<ColumnMatch.Pair> keys;
  private final List<ColumnMatch.Pair> all;

  PassColumns(MergeSpec spec, ColumnMatch match) {
    mode = spec.mode();
    keys = spec.key().stream().map(match::pair).toList();
    all = comparesContent() ? match.columns() : keys;
  }

  /** Whether rows of one key are compared. */
  boolean comparesContent() {
    return mode == MergeMode.UPSERT || mode == MergeMode.REPLACE;
  }

  /** The memory that a staged row takes apart from its key. */
  long bytesPerRow() {
    return switch (mode) {
      case INSERT, HISTORY -> 0;
      case UPSERT -> CONTENT_BYTES;
      case REPLACE -> BAG_BYTES;
    };
  }

  /** The staged columns of the key, with the target's types. */
  StructType stagedKeys() {
    return staged(keys);
  }

  /** The staged columns to read, with the target's types. */
  StructType stagedColumns() {
    return staged(all);
  }

  private static StructType staged(List<ColumnMatch.Pair> pairs) {
    return new StructType(
        pairs.stream()
            .map(pair -> new StructField(pair.staged(), pair.field().getDataType(), true))
            .toList());
  }

  /** The columns of the target to read. */
  StructType targetColumns() {
    return new StructType(
        all.stream()
            .filter(pair -> !pair.isNew())
            .map(ColumnMatch.Pair::field)
            .map(field -> new StructField(field.getName(), field.getDataType(), true))
            .toList());
  }

  /** A staged batch's columns of the key. */
  @Nullable ColumnVector[] stagedKeys(RowBatch batch) {
    return keys.stream().map(pair -> batch.column(pair.staged())).toArray(ColumnVector[]::new);
  }

  /** All compared columns of a staged batch. */
  @Nullable ColumnVector[] stagedContent(RowBatch batch) {
    return all.stream().map(pair -> batch.column(pair.staged())).toArray(ColumnVector[]::new);
  }

  /** The target's columns of the key. */
  @Nullable ColumnVector[] targetKeys(RowBatch batch) {
    return keys.stream().map(pair -> targetColumn(batch, pair)).toArray(ColumnVector[]::new);
  }

  /** All compared columns of a batch of the target. */
  @Nullable ColumnVector[] targetContent(RowBatch batch) {
    return all.stream().map(pair -> targetColumn(batch, pair)).toArray(ColumnVector[]::new);
  }

  private static @Nullable ColumnVector targetColumn(RowBatch batch, ColumnMatch.Pair pair) {
    return pair.isNew() ? null : batch.column(pair.field().getName());
  }

  /** The mean length of the encoded keys of a batch. */
  double meanKeyLength(RowBatch batch) {
    RowEncoder encoder = new RowEncoder();
    @Nullable ColumnVector[] columns = stagedKeys(batch);
    long bytes = 0;
    for (int row = 0; row < batch.size(); row++) {
      encoder.encode(columns, row);
      bytes += encoder.length();
    }
    return (double) bytes / batch.size();
  }
}
