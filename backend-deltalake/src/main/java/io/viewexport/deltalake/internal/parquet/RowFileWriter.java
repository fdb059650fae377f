// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.parquet;

import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of a cursor to Parquet files, one after the other. Its memory is bounded by the
 * row group's size, and one page and one value per column. For one thread.
 */
public final class RowFileWriter implements AutoCloseable {
  private static final int PAGE_ROWS = 20 * ColumnPages.ROWS_BETWEEN_CHECKS;
  private static final int MAX_PAGE_BYTES = 512 * 1024;
  private static final int MIN_PAGE_BYTES = 8 * 1024;
  private static final int MAX_STATISTICS_BYTES = 256;
  private static final int MAX_INDEX_BYTES = 64;

  private final MessageType schema;
  private final long rowGroupBytes;
  private final PageCompressor compressor;
  private final PageShared shared;
  private final ColumnPages[] columns;
  private final FixedColumns.@Nullable Zeros zeros;

  private @Nullable OutputFile output;
  private @Nullable ParquetFileWriter file;
  private long fileBytes;
  private long fileRows;
  private long groupRows;

  /** A writer for files of these columns; the first must be opened by {@link #open}. */
  public RowFileWriter(LakeSchema lakeSchema, RowFileSettings settings) {
    this.schema = lakeSchema.parquetSchema();
    this.rowGroupBytes = settings.rowGroupBytes();
    this.compressor = PageCompressor.of(settings.compression());
    long share = settings.rowGroupBytes() / 4 / lakeSchema.size();
    int pageBytes = (int) Math.max(MIN_PAGE_BYTES, Math.min(MAX_PAGE_BYTES, share));
    this.shared = new PageShared(compressor, PAGE_ROWS, pageBytes);
    int own = lakeSchema.addsIsDeleted() ? lakeSchema.size() - 1 : lakeSchema.size();
    this.columns = new ColumnPages[own];
    List<ColumnDescriptor> descriptors = schema.getColumns();
    for (int i = 0; i < own; i++) {
      ViewColumn column = lakeSchema.columns().get(i);
      boolean dictionary = !settings.withoutDictionary().contains(column.name());
      columns[i] = pages(column.type(), descriptors.get(i), i, dictionary);
    }
    this.zeros =
        lakeSchema.addsIsDeleted() ? new FixedColumns.Zeros(shared, descriptors.get(own)) : null;
  }

  private ColumnPages pages(
      ColumnType type, ColumnDescriptor descriptor, int index, boolean dictionary) {
    return switch (type.kind()) {
      case BOOLEAN -> new FixedColumns.Booleans(shared, descriptor, index);
      case INT, DATE -> new FixedColumns.Ints(shared, descriptor, index);
      case BIGINT, TIMESTAMP -> new FixedColumns.Longs(shared, descriptor, index);
      case FLOAT -> new FixedColumns.Floats(shared, descriptor, index);
      case DOUBLE -> new FixedColumns.Doubles(shared, descriptor, index);
      case STRING -> new BytesColumn(shared, descriptor, index, true, dictionary);
      case BINARY -> new BytesColumn(shared, descriptor, index, false, false);
      case DECIMAL ->
          switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> new FixedColumns.ShortDecimals(shared, descriptor, index);
            case INT64 -> new FixedColumns.Longs(shared, descriptor, index);
            default -> new FixedColumns.LongDecimals(shared, descriptor, index);
          };
    };
  }

  /**
   * Begins a file; the last one must be finished. Nothing is created before there are rows to write
   * out.
   */
  public void open(OutputFile next) {
    if (output != null) {
      throw new IllegalStateException("a file is open");
    }
    output = next;
    fileBytes = 0;
    fileRows = 0;
  }

  /**
   * Writes rows of the cursor until it ends, a row group was written out, or so many rows are done.
   *
   * @return whether the cursor may have more rows
   */
  public boolean write(RowCursor cursor, int maxRows) throws IOException {
    for (int done = 0; done < maxRows; done++) {
      if (!cursor.next()) {
        return false;
      }
      for (ColumnPages column : columns) {
        column.append(cursor);
      }
      if (zeros != null) {
        zeros.append();
      }
      groupRows++;
      if (groupRows % ColumnPages.ROWS_BETWEEN_CHECKS == 0) {
        closeFullPages();
      }
      if (shared.bufferedBytes() >= rowGroupBytes) {
        writeRowGroup();
        return true;
      }
    }
    return true;
  }

  private void closeFullPages() throws IOException {
    for (ColumnPages column : columns) {
      column.closeFullPage();
    }
    if (zeros != null) {
      zeros.closeFullPage();
    }
  }

  private void writeRowGroup() throws IOException {
    ParquetFileWriter to = openFile();
    to.startBlock(groupRows);
    for (ColumnPages column : columns) {
      column.writeTo(to, groupRows);
    }
    if (zeros != null) {
      zeros.writeTo(to, groupRows);
    }
    to.endBlock();
    fileRows += groupRows;
    groupRows = 0;
    fileBytes = to.getPos();
    shared.clearBuffered();
  }

  private ParquetFileWriter openFile() throws IOException {
    if (file != null) {
      return file;
    }
    if (output == null) {
      throw new IllegalStateException("no file is open");
    }
    ParquetFileWriter opened =
        new ParquetFileWriter(
            output,
            schema,
            ParquetFileWriter.Mode.CREATE,
            rowGroupBytes,
            0,
            MAX_INDEX_BYTES,
            MAX_STATISTICS_BYTES,
            true);
    file = opened;
    opened.start();
    return opened;
  }

  /** Bytes of the open file that are written out: whole row groups. */
  public long fileBytes() {
    return fileBytes;
  }

  /** Rows of the open file, those that wait for their row group's end included. */
  public long fileRows() {
    return fileRows + groupRows;
  }

  /**
   * Writes what waits, completes the file and brings it to disk.
   *
   * @return empty where no row came: then there is no file
   */
  public Optional<WrittenFile> finish() throws IOException {
    if (groupRows > 0) {
      writeRowGroup();
    }
    output = null;
    if (file == null) {
      return Optional.empty();
    }
    try (ParquetFileWriter done = file) {
      file = null;
      done.end(Map.of());
      ParquetMetadata footer = done.getFooter();
      fileBytes = done.getPos();
      return Optional.of(new WrittenFile(fileRows, fileBytes, footer));
    }
  }

  /**
   * A finished file.
   *
   * @param rows the number of rows
   * @param bytes its size
   * @param footer what was written at its end
   */
  public record WrittenFile(long rows, long bytes, ParquetMetadata footer) {}

  /**
   * Frees what is held. A file that is not finished is left incomplete, for its owner to delete.
   */
  @Override
  public void close() throws IOException {
    try (compressor) {
      ParquetFileWriter unfinished = file;
      file = null;
      if (unfinished != null) {
        unfinished.abort();
        unfinished.close();
      }
    }
  }
}
