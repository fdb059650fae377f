// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.StopSignal;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewSchema;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to files in a folder, the next one begun when one is full; the first always, so that
 * an output of no rows has a file, too. For use by one thread.
 */
final class PartFiles implements Closeable {
  private static final int GZIP_BUFFER_BYTES = 64 * 1024;

  private final FileStorage storage;
  private final String folder;
  private final ViewSchema schema;
  private final FileTarget target;
  private final FileBackendConfig config;
  private final StopSignal stop;
  private final List<FileManifest.PartFile> done = new ArrayList<>();
  private @Nullable RowWriter writer;
  private long rows;

  PartFiles(
      FileStorage storage,
      String folder,
      ViewSchema schema,
      FileTarget target,
      FileBackendConfig config,
      StopSignal stop)
      throws IOException {
    this.storage = storage;
    this.folder = folder;
    this.schema = schema;
    this.target = target;
    this.config = config;
    this.stop = stop;
    this.writer = open();
  }

  /** Writes the row that the cursor stands at. */
  void write(RowCursor row) throws IOException {
    if (writer != null && (rows >= config.maxPartRows() || isFull(writer))) {
      finishPart(writer);
    }
    if (writer == null) {
      writer = open();
    }
    writer.write(row);
    rows++;
  }

  private boolean isFull(RowWriter part) {
    return rows > 0 && part.byteCount() >= config.maxPartBytes();
  }

  /** Ends the last file and says what was written. */
  List<FileManifest.PartFile> finish() throws IOException {
    if (writer != null) {
      finishPart(writer);
    }
    return List.copyOf(done);
  }

  private void finishPart(RowWriter part) throws IOException {
    writer = null;
    part.close();
    String name = name();
    done.add(new FileManifest.PartFile(name, rows, storage.size(folder + "/" + name)));
    rows = 0;
  }

  private String name() {
    return Layout.partName(done.size(), target);
  }

  private RowWriter open() throws IOException {
    stop.throwIfStopped();
    OutputStream file = storage.create(folder + "/" + name());
    try {
      return writer(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private RowWriter writer(OutputStream file) throws IOException {
    OutputStream out =
        target.compression() == FileFormat.Compression.GZIP
            ? new GZIPOutputStream(file, GZIP_BUFFER_BYTES)
            : file;
    return switch (target.format()) {
      case NDJSON -> JsonRows.lines(out, schema);
      case JSON -> JsonRows.array(out, schema);
      case CSV -> new CsvRows(out, schema, target.header());
      case PARQUET -> new ParquetRows(out, schema, target.compression(), config.rowGroupBytes());
    };
  }

  /** Frees a file that was not finished. */
  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
