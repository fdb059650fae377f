// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.BitSet;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns a decision into files. */
final class MergeWriter {
  private final RowReader reader;
  private final ColumnMatch match;
  private final MergePlanner.Input input;
  private final MergeFiles files;
  private final long fileBytes;

  MergeWriter(
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
  }

  void write(MergeDecision decision) {
    for (int file = 0; file < input.target().size(); file++) {
      BitSet without = decision.removed(file);
      if (!without.isEmpty()) {
        files.rewrite(input.table().orElseThrow(), input.target().get(file), without);
      }
    }
    KeptColumns kept = new KeptColumns(reader, match, input, files, fileBytes);
    decision.updates().forEach(kept::write);
    addStaged(decision);
  }

  private void addStaged(MergeDecision decision) {
    IntStream.Builder selected = IntStream.builder();
    for (int file = 0; file < input.staged().size(); file++) {
      TableFile staged = input.staged().get(file);
      int rows = decision.added(file).cardinality();
      if (match.isSame() && rows == staged.rowCount().orElse(-1L)) {
        files.adopt(staged);
      } else if (rows > 0) {
        selected.add(file);
      }
    }
    files.write(
        match.targetSchema(), new StagedRows(selected.build().iterator(), decision), fileBytes);
  }

  /** The selected rows of several staged files, one file after the other. */
  private final class StagedRows implements CloseableIterator<MergeFiles.Weighed> {
    private final PrimitiveIterator.OfInt remaining;
    private final MergeDecision decision;
    private @Nullable CloseableIterator<MergeFiles.Weighed> current;

    StagedRows(PrimitiveIterator.OfInt remaining, MergeDecision decision) {
      this.remaining = remaining;
      this.decision = decision;
    }

    @Override
    public boolean hasNext() {
      while (current == null || !current.hasNext()) {
        Utils.closeCloseables(current);
        current = null;
        if (!remaining.hasNext()) {
          return false;
        }
        int file = remaining.nextInt();
        current = files.staged(input.staged().get(file), match, decision.added(file));
      }
      return true;
    }

    @Override
    public MergeFiles.Weighed next() {
      if (!hasNext() || current == null) {
        throw new NoSuchElementException();
      }
      return current.next();
    }

    @Override
    public void close() throws IOException {
      Utils.closeCloseables(current);
    }
  }
}
