// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
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
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The first rows of a Delta table, read back from its files.
 *
 * @param version the table's version
 * @param columns the names of its columns
 * @param rows the values as text, in the order of the columns
 */
record TablePreview(long version, List<String> columns, List<List<String>> rows) {

  /**
   * Reads them.
   *
   * @param limit the most rows
   * @throws IOException where a file can't be read
   */
  static TablePreview read(Path table, int limit) throws IOException {
    Engine engine = DefaultEngine.create(new LocalFiles());
    Snapshot snapshot = TableManager.loadSnapshot(table.toString()).build(engine);
    StructType schema = snapshot.getSchema();
    List<List<String>> rows = new ArrayList<>();
    Scan scan = snapshot.getScanBuilder().build();
    Row state = scan.getScanState(engine);
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext() && rows.size() < limit) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext() && rows.size() < limit) {
            readFile(engine, state, files.next(), limit, rows);
          }
        }
      }
    }
    return new TablePreview(snapshot.getVersion(), schema.fieldNames(), rows);
  }

  private static void readFile(
      Engine engine, Row state, Row file, int limit, List<List<String>> rows) throws IOException {
    CloseableIterator<ColumnarBatch> stored =
        engine
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                ScanStateRow.getPhysicalDataReadSchema(state),
                Optional.empty())
            .map(result -> result.getData());
    try (CloseableIterator<FilteredColumnarBatch> batches =
        Scan.transformPhysicalData(engine, state, file, stored)) {
      while (batches.hasNext() && rows.size() < limit) {
        try (CloseableIterator<Row> batch = batches.next().getRows()) {
          while (batch.hasNext() && rows.size() < limit) {
            rows.add(texts(batch.next()));
          }
        }
      }
    }
  }

  private static List<String> texts(Row row) {
    List<String> texts = new ArrayList<>();
    for (int column = 0; column < row.getSchema().length(); column++) {
      texts.add(row.isNullAt(column) ? "" : text(row, column));
    }
    return texts;
  }

  private static String text(Row row, int column) {
    DataType type = row.getSchema().at(column).getDataType();
    if (type instanceof StringType) {
      return row.getString(column);
    } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS).toString();
    } else if (type instanceof DateType) {
      return LocalDate.ofEpochDay(row.getInt(column)).toString();
    } else if (type instanceof DoubleType) {
      return Double.toString(row.getDouble(column));
    } else if (type instanceof IntegerType) {
      return Integer.toString(row.getInt(column));
    } else if (type instanceof LongType) {
      return Long.toString(row.getLong(column));
    } else if (type instanceof BooleanType) {
      return Boolean.toString(row.getBoolean(column));
    } else if (type instanceof FloatType) {
      return Float.toString(row.getFloat(column));
    } else if (type instanceof DecimalType) {
      return row.getDecimal(column).toPlainString();
    } else if (type instanceof BinaryType) {
      return "(" + row.getBinary(column).length + " bytes)";
    }
    return "(" + type + ")";
  }
}
