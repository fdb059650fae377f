// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of every row, in as many passes over the data as the memory for keys asks
 * for: each pass takes the keys of one part of all hashes.
 */
final class MergePlanner {
  private static final int MAX_PASSES = 1 << 16;

  private final RowReader reader;
  private final MergeSpec spec;
  private final ColumnMatch match;
  private final Input input;
  private final long memoryBytes;

  /**
   * What is read.
   *
   * @param staged the staged files
   * @param table the target; empty where there is none yet
   * @param target the files of the target
   */
  record Input(List<TableFile> staged, Optional<DeltaTable> table, List<TableFile> target) {}

  MergePlanner(RowReader reader, MergeSpec spec, ColumnMatch match, Input input, long memoryBytes) {
    this.reader = reader;
    this.spec = spec;
    this.match = match;
    this.input = input;
    this.memoryBytes = memoryBytes;
  }

  MergeDecision plan() {
    long rows = input.staged().stream().mapToLong(file -> file.rowCount().orElse(0L)).sum();
    PassColumns columns = new PassColumns(spec, match);
    long bytes = rows * (KeyTable.bytesPerKey(sampleKeyLength(columns)) + columns.bytesPerRow());
    int passes = (int) Math.min(MAX_PASSES, 1 + bytes / memoryBytes);
    while (true) {
      Optional<MergeDecision> decision = plan(columns, passes, rows);
      if (decision.isPresent()) {
        return decision.get();
      }
      passes *= 2;
    }
  }

  private double sampleKeyLength(PassColumns columns) {
    for (TableFile file : input.staged()) {
      try (CloseableIterator<RowBatch> batches =
          reader.read(file, RowReader.raw(columns.stagedKeys()))) {
        if (batches.hasNext()) {
          return columns.meanKeyLength(batches.next());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return 0;
  }

  /** Empty where the keys of a pass take more than they may. */
  private Optional<MergeDecision> plan(PassColumns columns, int passes, long rows) {
    MergeDecision decision = new MergeDecision(input.staged().size(), input.target().size());
    int expected = (int) Math.min(rows / passes * 11 / 10 + 16, Integer.MAX_VALUE / 4);
    KeyHash hash = MergePass.randomHash();
    for (int pass = 0; pass < passes; pass++) {
      MergePass.Part part = new MergePass.Part(pass, passes, expected, hash);
      MergePass current = new MergePass(spec, match, columns, part, decision);
      if (!load(current, columns.stagedColumns(), passes)) {
        return Optional.empty();
      }
      if (!current.isEmpty()) {
        scan(current, columns.targetColumns());
      }
      current.finish();
    }
    return Optional.of(decision);
  }

  private boolean load(MergePass pass, StructType columns, int passes) {
    StructType raw = RowReader.raw(columns);
    for (int file = 0; file < input.staged().size(); file++) {
      try (CloseableIterator<RowBatch> batches = reader.read(input.staged().get(file), raw)) {
        while (batches.hasNext()) {
          pass.stage(file, batches.next());
          if (pass.bytes() > memoryBytes * 3 / 2 && passes < MAX_PASSES) {
            return false;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }

  private void scan(MergePass pass, StructType columns) {
    for (int file = 0; file < input.target().size(); file++) {
      try (CloseableIterator<RowBatch> batches =
          reader.readRaw(input.table().orElseThrow(), input.target().get(file), columns)) {
        while (batches.hasNext()) {
          pass.meet(file, batches.next());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
