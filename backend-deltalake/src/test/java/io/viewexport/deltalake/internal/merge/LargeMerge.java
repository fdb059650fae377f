// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static io.viewexport.deltalake.internal.merge.MergeLab.column;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Merges as many rows as asked for onto as many, in the heap that it is started with. To be run by
 * hand: folder, rows.
 */
final class LargeMerge {
  private static final int BATCH = 8192;
  private static final LakeSchema VIEW =
      MergeLab.view(
          column("id", ColumnType.STRING),
          column("ts", ColumnType.BIGINT),
          column("family", ColumnType.STRING),
          column("value", ColumnType.DOUBLE));

  private final MergeLab lab;
  private final int rows;

  private LargeMerge(Path folder, int rows) {
    this.lab = new MergeLab(folder);
    this.rows = rows;
  }

  /** Runs all. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    Files.createDirectories(folder);
    new LargeMerge(folder, Integer.parseInt(arguments[1])).run();
  }

  private void run() throws Exception {
    StagedTable all = stage("all", 0, 1L);
    StagedTable half = stage("half", rows / 2, 1L);
    StagedTable tenth = stage("tenth", rows / 10, 2L);
    time("insert into nothing", MergeMode.INSERT, all, MergeCounts.of(rows, 0, 0, 0));
    time(
        "insert, half new",
        MergeMode.INSERT,
        half,
        MergeCounts.of(rows / 2, 0, 0, rows - rows / 2));
    time("insert, nothing new", MergeMode.INSERT, half, MergeCounts.of(0, 0, 0, rows));
    time("upsert, all newer", MergeMode.UPSERT, tenth, MergeCounts.of(0, rows, 0, 0));
    time("upsert, nothing new", MergeMode.UPSERT, tenth, MergeCounts.of(0, 0, 0, rows));
    time("replace, nothing new", MergeMode.REPLACE, tenth, MergeCounts.of(0, 0, 0, rows));
  }

  private void time(String what, MergeMode mode, StagedTable staged, MergeCounts expected) {
    long started = System.nanoTime();
    long memory = Runtime.getRuntime().maxMemory() / 4;
    MergeSettings settings = new MergeSettings(memory, 128L << 20, 20);
    MergeCounts counts =
        lab.merge(
            MergeCall.of(what.replaceAll("[^a-z]", "")),
            lab.spec(VIEW, mode, "id"),
            settings,
            staged);
    double seconds = (System.nanoTime() - started) / 1e9;
    long stored = lab.table().files().stream().mapToLong(f -> f.rowCount().orElseThrow()).sum();
    System.out.printf(
        "RESULT %-22s %6.1f s, %d files, %d rows %s%n",
        what,
        seconds,
        lab.table().files().size(),
        stored,
        counts.equals(expected) ? "as expected" : "WRONG: " + counts);
  }

  private StagedTable stage(String name, int from, long time) throws Exception {
    String path = lab.storage.resolve(lab.root.resolve("staging-" + name).toString());
    lab.storage.createDirectories(path);
    StructType schema = VIEW.deltaSchema();
    Engine engine = lab.storage.engine();
    Transaction transaction =
        TableManager.buildCreateTableTransaction(path, schema, "test").build(engine);
    Row state = transaction.getTransactionState(engine);
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    var physical =
        Transaction.transformLogicalData(engine, state, generated(schema, from, time), Map.of());
    var files =
        engine
            .getParquetHandler()
            .writeParquetFiles(
                context.getTargetDirectory(), physical, context.getStatisticsColumns());
    transaction.commit(
        engine,
        CloseableIterable.inMemoryIterable(
            Transaction.generateAppendActions(engine, state, files, context)));
    return new StagedTable(path, rows);
  }

  private CloseableIterator<FilteredColumnarBatch> generated(
      StructType schema, int from, long time) {
    return new CloseableIterator<>() {
      private int done;

      @Override
      public boolean hasNext() {
        return done < rows;
      }

      @Override
      public FilteredColumnarBatch next() {
        List<@Nullable Object[]> batch = new ArrayList<>();
        for (; batch.size() < BATCH && done < rows; done++) {
          long number = (long) from + done;
          String id = new UUID(KeyHash.mix(number), KeyHash.mix(~number)).toString();
          batch.add(new Object[] {id, time, "Family" + number % 1000, number / 8.0, 0});
        }
        return new FilteredColumnarBatch(MergeLab.batch(schema, batch), Optional.empty());
      }

      @Override
      public void close() {}
    };
  }
}
