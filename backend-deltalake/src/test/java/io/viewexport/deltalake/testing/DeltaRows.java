// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
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
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads Delta tables by Delta Kernel. */
public final class DeltaRows {
  private DeltaRows() {}

  /** All rows of the latest version, column name to value. */
  public static List<Map<String, Object>> read(Engine engine, String table) throws IOException {
    Snapshot snapshot = TableManager.loadSnapshot(table).build(engine);
    Scan scan = snapshot.getScanBuilder().build();
    Row state = scan.getScanState(engine);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
    List<Map<String, Object>> found = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> rows = files.next().getRows()) {
          while (rows.hasNext()) {
            Row file = rows.next();
            FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
            var data =
                engine
                    .getParquetHandler()
                    .readParquetFiles(
                        Utils.singletonCloseableIterator(status), physical, Optional.empty())
                    .map(result -> result.getData());
            try (var batches = Scan.transformPhysicalData(engine, state, file, data)) {
              while (batches.hasNext()) {
                add(batches.next(), found);
              }
            }
          }
        }
      }
    }
    return found;
  }

  /** The statistics of the data files, as the log has them. */
  public static List<String> statistics(Engine engine, String table) throws IOException {
    Scan scan = TableManager.loadSnapshot(table).build(engine).getScanBuilder().build();
    List<String> found = new ArrayList<>();
    var files = ((io.delta.kernel.internal.ScanImpl) scan).getScanFiles(engine, true);
    try (files) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> rows = files.next().getRows()) {
          while (rows.hasNext()) {
            Row add = rows.next().getStruct(0);
            found.add(add.getString(add.getSchema().indexOf("stats")));
          }
        }
      }
    }
    return found;
  }

  private static void add(FilteredColumnarBatch batch, List<Map<String, Object>> to)
      throws IOException {
    try (CloseableIterator<Row> rows = batch.getRows()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        Map<String, Object> values = new LinkedHashMap<>();
        StructType schema = row.getSchema();
        for (int i = 0; i < schema.length(); i++) {
          values.put(schema.at(i).getName(), value(row, i, schema.at(i).getDataType()));
        }
        to.add(values);
      }
    }
  }

  private static @Nullable Object value(Row row, int i, DataType type) {
    if (row.isNullAt(i)) {
      return null;
    } else if (type instanceof BooleanType) {
      return row.getBoolean(i);
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return row.getInt(i);
    } else if (type instanceof LongType || type instanceof TimestampType) {
      return row.getLong(i);
    } else if (type instanceof FloatType) {
      return row.getFloat(i);
    } else if (type instanceof DoubleType) {
      return row.getDouble(i);
    } else if (type instanceof DecimalType) {
      return row.getDecimal(i);
    } else if (type instanceof StringType) {
      return row.getString(i);
    } else if (type instanceof BinaryType) {
      return row.getBinary(i);
    }
    throw new IllegalArgumentException("no such type here: " + type);
  }
}
