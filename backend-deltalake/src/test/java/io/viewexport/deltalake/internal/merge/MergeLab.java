// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.viewexport.api.backend.FinalizeStep;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder with staging tables and a target, and plain readers and writers of Delta Kernel. */
final class MergeLab {
  static final MergeSettings SETTINGS = new MergeSettings(64L << 20, 1L << 20, 5);
  private static final Map<String, String> CODEC = Map.of("parquet.compression", "SNAPPY");

  final Path root;
  final LocalStorage storage;
  final String target;
  private int tables;

  MergeLab(Path folder) {
    this(folder, UnaryOperator.identity());
  }

  MergeLab(Path folder, UnaryOperator<FileIO> wrapping) {
    root = folder;
    storage = LocalStorage.create(List.of(folder), CODEC, wrapping);
    target = storage.resolve(folder.resolve("target").toString());
  }

  static ViewColumn column(String name, ColumnType type) {
    return new ViewColumn(name, type, type.toString());
  }

  static LakeSchema view(ViewColumn... columns) {
    return LakeSchema.of(new ViewSchema(List.of(columns)));
  }

  MergeSpec spec(LakeSchema schema, MergeMode mode, String... key) {
    List<String> keys = new ArrayList<>(List.of(key));
    Optional<String> timestamp =
        schema.columns().stream().map(ViewColumn::name).filter("ts"::equals).findFirst();
    if (mode == MergeMode.HISTORY) {
      keys.add("ts");
    }
    return new MergeSpec(target, schema, mode, keys, timestamp);
  }

  /** Rows without is_deleted, which is 0. */
  StagedTable stage(LakeSchema schema, List<@Nullable Object[]> rows) {
    String path = storage.resolve(root.resolve("staging-" + tables++).toString());
    List<@Nullable Object[]> whole = new ArrayList<>();
    for (@Nullable Object[] row : rows) {
      @Nullable Object[] longer = java.util.Arrays.copyOf(row, schema.size());
      if (schema.addsIsDeleted()) {
        longer[schema.size() - 1] = 0;
      }
      whole.add(longer);
    }
    create(path, schema.deltaSchema(), Map.of(), whole);
    return new StagedTable(path, rows.size());
  }

  void create(
      String path,
      StructType schema,
      Map<String, String> properties,
      List<@Nullable Object[]> rows) {
    storage.createDirectories(path);
    Transaction transaction =
        TableManager.buildCreateTableTransaction(path, schema, "test")
            .withTableProperties(properties)
            .build(storage.engine());
    transaction.commit(storage.engine(), data(transaction, rows));
  }

  /** Another writer, who knows nothing of keys. */
  void append(List<@Nullable Object[]> rows) {
    Transaction transaction =
        TableManager.loadSnapshot(target)
            .build(storage.engine())
            .buildUpdateTableTransaction("test", Operation.WRITE)
            .build(storage.engine());
    transaction.commit(storage.engine(), data(transaction, rows));
  }

  private CloseableIterable<Row> data(Transaction transaction, List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      return CloseableIterable.emptyIterable();
    }
    Engine engine = storage.engine();
    Row state = transaction.getTransactionState(engine);
    try {
      CloseableIterator<FilteredColumnarBatch> physical =
          Transaction.transformLogicalData(
              engine,
              state,
              Utils.singletonCloseableIterator(
                  new FilteredColumnarBatch(
                      batch(transaction.getSchema(engine), rows), Optional.empty())),
              Map.of());
      DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
      CloseableIterator<DataFileStatus> files =
          engine
              .getParquetHandler()
              .writeParquetFiles(
                  context.getTargetDirectory(), physical, context.getStatisticsColumns());
      return CloseableIterable.inMemoryIterable(
          Transaction.generateAppendActions(engine, state, files, context));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DataBatch batch(StructType schema, List<@Nullable Object[]> rows) {
    List<ColumnVector> vectors = new ArrayList<>();
    for (int column = 0; column < schema.length(); column++) {
      vectors.add(new ObjectVector(schema.at(column).getDataType(), rows, column));
    }
    return new DataBatch(schema, vectors, rows.size());
  }

  MergeCounts merge(MergeCall call, MergeSpec spec, StagedTable... staged) {
    return merge(call, spec, SETTINGS, staged);
  }

  MergeCounts merge(MergeCall call, MergeSpec spec, MergeSettings with, StagedTable... staged) {
    FinalizeStep step = new InProcessMerge(storage, with).run(call, spec, () -> List.of(staged));
    assertThat(step).isInstanceOf(FinalizeStep.Done.class);
    return ((FinalizeStep.Done) step).counts();
  }

  DeltaTable table() {
    return DeltaTable.find(storage, target).orElseThrow();
  }

  long version() {
    return DeltaTable.find(storage, target).map(DeltaTable::version).orElse(-1L);
  }

  Set<String> fileNames() {
    Set<String> names = new TreeSet<>();
    table().files().forEach(file -> names.add(file.status().getPath()));
    return names;
  }

  /** The rows of the target, sorted: column names with values, NULL as null. */
  List<String> rows() {
    DeltaTable table = table();
    RowReader reader = new RowReader(storage, MergeCall.of("reading"));
    List<String> rows = new ArrayList<>();
    for (TableFile file : table.files()) {
      try (CloseableIterator<RowBatch> batches = reader.read(table, file, table.schema())) {
        while (batches.hasNext()) {
          RowBatch batch = batches.next();
          for (int row = 0; row < batch.size(); row++) {
            if (batch.isLive(row)) {
              rows.add(text(table.schema(), batch, row));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    rows.sort(null);
    return rows;
  }

  private static String text(StructType schema, RowBatch batch, int row) {
    List<String> values = new ArrayList<>();
    for (StructField field : schema.fields()) {
      ColumnVector vector = batch.data().getColumnVector(schema.indexOf(field.getName()));
      values.add(
          vector.isNullAt(row) ? "null" : String.valueOf(value(field.getDataType(), vector, row)));
    }
    return String.join("|", values);
  }

  private static Object value(DataType type, ColumnVector vector, int row) {
    if (type instanceof BooleanType) {
      return vector.getBoolean(row);
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return vector.getInt(row);
    } else if (type instanceof LongType || type instanceof TimestampType) {
      return vector.getLong(row);
    } else if (type instanceof FloatType) {
      return vector.getFloat(row);
    } else if (type instanceof DoubleType) {
      return vector.getDouble(row);
    } else if (type instanceof DecimalType) {
      return vector.getDecimal(row);
    } else if (type instanceof BinaryType) {
      return HexFormat.of().formatHex(vector.getBinary(row));
    } else if (type instanceof StructType struct) {
      return "{" + value(struct.at(0).getDataType(), vector.getChild(0), row) + "}";
    } else if (type instanceof io.delta.kernel.types.ArrayType array) {
      ColumnVector elements = vector.getArray(row).getElements();
      return "[" + value(array.getElementType(), elements, 0) + "]";
    }
    return vector.getString(row);
  }

  /** Data files in the target's directory that its log does not have. */
  Set<String> unreferenced() {
    Set<String> found = dataFiles();
    if (version() >= 0) {
      found.removeAll(fileNames());
    }
    return found;
  }

  Set<String> dataFiles() {
    Set<String> found = new TreeSet<>();
    Path directory = Path.of(target);
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        files.filter(Files::isRegularFile).map(Path::toString).forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  void removeOrphans(String job) {
    TargetFiles.removeOrphans(storage, target, new JobId(job), 0);
  }
}
