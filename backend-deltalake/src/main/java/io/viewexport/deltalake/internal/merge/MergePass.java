// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.IntegerType;
import io.viewexport.api.job.MergeMode;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** One pass: takes in the staged rows of its part, then meets every row of the target. */
final class MergePass {

  /** A NULL time, older than all others. */
  private static final long NO_TIME = Long.MIN_VALUE;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final MergeMode mode;
  private final MergeSpec spec;
  private final ColumnMatch match;
  private final PassColumns columns;
  private final Part part;
  private final MergeDecision decision;
  private final KeyTable keys;
  private final RowBag bag = new RowBag();
  private final MergeDecision.Updates updates =
      new MergeDecision.Updates(new LongList(), new LongList());
  private final RowEncoder key = new RowEncoder();
  private final RowEncoder content = new RowEncoder();
  private final KeyHash keyHash;
  private final KeyHash contentHash = randomHash();

  /**
   * Which keys the pass takes.
   *
   * @param number from 0
   * @param count the number of all passes
   * @param expectedKeys about how many keys are in it
   * @param keyHash tells the parts apart: the same for all passes
   */
  record Part(int number, int count, int expectedKeys, KeyHash keyHash) {}

  MergePass(
      MergeSpec spec, ColumnMatch match, PassColumns columns, Part part, MergeDecision decision) {
    this.mode = spec.mode();
    this.spec = spec;
    this.match = match;
    this.columns = columns;
    this.part = part;
    this.keyHash = part.keyHash();
    this.decision = decision;
    this.keys = new KeyTable(part.expectedKeys(), mode == MergeMode.UPSERT);
  }

  /** A hash under a seed of its own. */
  static KeyHash randomHash() {
    return new KeyHash(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** About the bytes that the staged rows take. */
  long bytes() {
    return keys.bytes() + bag.bytes();
  }

  /** Whether no row was staged in this part. */
  boolean isEmpty() {
    return keys.size() == 0;
  }

  /** Takes in the staged rows of a batch that belong to this part. */
  void stage(int file, RowBatch batch) {
    @Nullable ColumnVector[] keyColumns = columns.stagedKeys(batch);
    @Nullable ColumnVector[] contentColumns = columns.stagedContent(batch);
    ColumnVector times = mode == MergeMode.UPSERT ? batch.column(timestamp()) : null;
    for (int row = 0; row < batch.size(); row++) {
      key.encode(keyColumns, row);
      if (key.nulls() > 0) {
        countNulls(keyColumns, row);
      } else if (isMine()) {
        hashContent(contentColumns, row);
        stage(RowAddress.of(file, batch.firstRow() + row), time(times, row));
      }
    }
  }

  private String timestamp() {
    return spec.timestamp().orElseThrow();
  }

  private void countNulls(@Nullable ColumnVector[] keyColumns, int row) {
    if (part.number() > 0) {
      return;
    }
    for (int column = 0; column < keyColumns.length; column++) {
      ColumnVector vector = keyColumns[column];
      if (vector == null || vector.isNullAt(row)) {
        decision.countNull(spec.key().get(column));
      }
    }
  }

  private boolean isMine() {
    keyHash.update(key.buffer(), key.length());
    return part.count() == 1 || (keyHash.high() >>> Integer.SIZE) % part.count() == part.number();
  }

  private void hashContent(@Nullable ColumnVector[] contentColumns, int row) {
    if (columns.comparesContent()) {
      content.encode(contentColumns, row);
      contentHash.update(content.buffer(), content.length());
    }
  }

  private void stage(long address, long time) {
    int entry = find();
    if (mode == MergeMode.REPLACE) {
      int owner = entry >= 0 ? entry : add(address);
      bag.add(owner, contentHash.high(), contentHash.low(), address);
    } else if (entry >= 0) {
      decision.countDuplicate();
    } else {
      entry = add(address);
      if (mode == MergeMode.UPSERT) {
        keys.content(entry, time, contentHash.high(), contentHash.low());
      }
    }
  }

  private int find() {
    return keys.find(key.buffer(), key.length(), (int) keyHash.high());
  }

  private int add(long address) {
    return keys.add(key.buffer(), key.length(), (int) keyHash.high(), address);
  }

  private static long time(@Nullable ColumnVector times, int row) {
    if (times == null || times.isNullAt(row)) {
      return NO_TIME;
    }
    boolean isInt =
        times.getDataType() instanceof IntegerType || times.getDataType() instanceof DateType;
    return isInt ? times.getInt(row) : times.getLong(row);
  }

  /** Decides what becomes of rows of the target. */
  void meet(int file, RowBatch batch) {
    @Nullable ColumnVector[] keyColumns = columns.targetKeys(batch);
    @Nullable ColumnVector[] contentColumns = columns.targetContent(batch);
    ColumnVector times =
        mode == MergeMode.UPSERT ? batch.column(match.pair(timestamp()).field().getName()) : null;
    for (int row = 0; row < batch.size(); row++) {
      if (!batch.isLive(row)) {
        continue;
      }
      key.encode(keyColumns, row);
      if (key.nulls() > 0 || !isMine()) {
        continue;
      }
      int entry = find();
      if (entry >= 0) {
        hashContent(contentColumns, row);
        meet(entry, RowAddress.of(file, batch.firstRow() + row), time(times, row));
      }
    }
  }

  private void meet(int entry, long address, long time) {
    switch (mode) {
      case INSERT, HISTORY -> keys.match(entry);
      case UPSERT -> meetOne(entry, address, time);
      case REPLACE -> {
        if (!bag.take(entry, contentHash.high(), contentHash.low())) {
          decision.delete(address);
        }
      }
    }
  }

  private void meetOne(int entry, long address, long time) {
    if (!keys.match(entry)) {
      decision.countNotUnique();
      return;
    }
    boolean newer = keys.time(entry) > time;
    boolean same =
        keys.time(entry) == time && keys.sameContent(entry, contentHash.high(), contentHash.low());
    if (!newer && (same || keys.time(entry) < time)) {
      decision.countUnchanged(1);
      return;
    }
    decision.countUpdate();
    decision.remove(address);
    if (match.targetOnly().isEmpty()) {
      decision.add(keys.ordinal(entry));
    } else {
      updates.staged().add(keys.ordinal(entry));
      updates.target().add(address);
    }
  }

  /** Decides what becomes of the staged rows that the target had nothing to say to. */
  void finish() {
    if (mode == MergeMode.REPLACE) {
      bag.forEachLeft(decision::insert);
      decision.countUnchanged(bag.takenCount());
      return;
    }
    for (int entry = 0; entry < keys.size(); entry++) {
      if (!keys.isMatched(entry)) {
        decision.insert(keys.ordinal(entry));
      } else if (mode != MergeMode.UPSERT) {
        decision.countUnchanged(1);
      }
    }
    if (updates.staged().size() > 0) {
      decision.updates().add(updates);
    }
  }
}
