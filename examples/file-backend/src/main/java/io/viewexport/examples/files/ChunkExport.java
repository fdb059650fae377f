// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import java.io.IOException;

/** Writes the rows of a chunk to a folder of the attempt's own. */
final class ChunkExport {
  private final FileStorage storage;
  private final FileBackendConfig config;
  private final FileTarget target;
  private final ChunkContext context;

  ChunkExport(
      FileStorage storage, FileBackendConfig config, FileTarget target, ChunkContext context) {
    this.storage = storage;
    this.config = config;
    this.target = target;
    this.context = context;
  }

  ChunkReceipt write(RowCursor rows) throws IOException {
    Layout layout = new Layout(target.folder(), context.jobId());
    String folder = layout.attempt(context.chunk(), context.attempt());
    context.stop().throwIfStopped();
    // Not those above: they are gone once the job was cleaned up, and must not come back.
    storage.createFolder(layout.chunk(context.chunk()));
    storage.createFolder(folder);
    ChunkRecord record = write(rows, folder);
    context.stop().throwIfStopped();
    new SmallFiles(storage).write(folder + "/" + Layout.CHUNK_RECORD, record);
    context.progress(record.byteCount());
    return new ChunkReceipt(
        receipt(context.chunk().chunk(), context.attempt()), record.rowCount(), record.byteCount());
  }

  /** What a receipt says: the folder of the attempt in that of the view. */
  static String receipt(int chunk, int attempt) {
    return "c" + chunk + "/a" + attempt;
  }

  private ChunkRecord write(RowCursor rows, String folder) throws IOException {
    KeyCheck keys =
        new KeyCheck(
            storage,
            folder + "/keys",
            rows.schema(),
            context.view().settings().mergeKey(),
            config.maxKeysInMemory());
    try (PartFiles parts =
        new PartFiles(storage, folder, rows.schema(), target, config, context.stop())) {
      while (rows.next()) {
        keys.add(rows);
        parts.write(rows);
      }
      return new ChunkRecord(parts.finish(), keys.nullKeys(), keys.repeatedKeys());
    }
  }
}
