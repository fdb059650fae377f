// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.viewexport.api.ExportException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What fails a merge before the target is touched: counts and column names, never values. */
final class MergeChecks {
  private MergeChecks() {}

  /**
   * What was found out about keys.
   *
   * @param nulls how many staged rows have NULL in a key column, by column
   * @param duplicates how many staged rows have a key that another staged row has
   * @param notUnique how many rows of the target have a staged key that another row of it has
   * @param sample some of the repeated keys, where the host allows to show them
   */
  record Findings(
      Map<String, Long> nulls, long duplicates, long notUnique, @Nullable String sample) {}

  /** Checks the keys. */
  static void checkKeys(MergeSpec spec, MergeDecision decision) {
    check(spec, new Findings(decision.nulls(), decision.duplicates(), decision.notUnique(), null));
  }

  /** Fails where keys keep the rows out of the target. */
  static void check(MergeSpec spec, Findings found) {
    if (!found.nulls().isEmpty()) {
      throw ExportException.permanent(
          "null-key",
          "Exported rows have NULL in a column of the key: "
              + counts(found.nulls())
              + ". The target was not changed; correct the view or choose another mergeKey.",
          null);
    }
    String columns = spec.key().stream().map(MergeChecks::quote).collect(Collectors.joining(", "));
    if (found.duplicates() > 0) {
      throw ExportException.permanent(
          "duplicate-key",
          found.duplicates()
              + " exported rows repeat the key ("
              + columns
              + ") of another one. The target was not changed; correct the view, choose another"
              + " mergeKey, or use mergeMode=replace."
              + (found.sample() == null ? "" : " Some of them: " + found.sample()),
          null);
    }
    if (found.notUnique() > 0) {
      throw ExportException.permanent(
          "target-key-not-unique",
          found.notUnique()
              + " rows of the table at "
              + spec.target()
              + " repeat the key ("
              + columns
              + ") of another one, so mergeMode=upsert can't tell which to update."
              + " The target was not changed; delete all but one row of each key there, choose"
              + " another mergeKey, or use mergeMode=replace.",
          null);
    }
  }

  private static String counts(Map<String, Long> nulls) {
    return nulls.entrySet().stream()
        .map(entry -> quote(entry.getKey()) + " (" + entry.getValue() + " rows)")
        .collect(Collectors.joining(", "));
  }

  private static String quote(String column) {
    return '"' + column + '"';
  }

  /** Checks that no NULL is staged for a column that is NOT NULL in the target. */
  static void checkRequired(RowReader reader, ColumnMatch match, List<TableFile> staged) {
    for (ColumnMatch.Pair pair : match.columns()) {
      if (!pair.field().isNullable()) {
        long nulls = staged.stream().mapToLong(file -> nulls(reader, pair, file)).sum();
        if (nulls > 0) {
          throw ExportException.permanent(
              "null-in-required-column",
              "The column "
                  + quote(pair.field().getName())
                  + " of the target is NOT NULL, and "
                  + nulls
                  + " exported rows have NULL there. The target was not changed.",
              null);
        }
      }
    }
  }

  private static long nulls(RowReader reader, ColumnMatch.Pair pair, TableFile file) {
    StructField field = new StructField(pair.staged(), pair.field().getDataType(), true);
    StructType column = RowReader.raw(new StructType(List.of(field)));
    long nulls = 0;
    try (CloseableIterator<RowBatch> batches = reader.read(file, column)) {
      while (batches.hasNext()) {
        ColumnVector vector = batches.next().data().getColumnVector(0);
        for (int row = 0; row < vector.getSize(); row++) {
          nulls += vector.isNullAt(row) ? 1 : 0;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return nulls;
  }
}
