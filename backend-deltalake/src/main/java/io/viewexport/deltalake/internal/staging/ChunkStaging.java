// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.staging;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.view.RowCursor;
import io.viewexport.deltalake.internal.parquet.RowFileSettings;
import io.viewexport.deltalake.internal.parquet.RowFileWriter;
import io.viewexport.deltalake.internal.parquet.RowFileWriter.WrittenFile;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.storage.Attempt;
import io.viewexport.deltalake.internal.storage.KernelFailures;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.StorageFailures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Writes the rows of one attempt at a chunk as one Delta table, in one commit. Key: chunk and
 * attempt; the place is the attempt's own.
 */
public final class ChunkStaging {
  private static final String ENGINE = "ViewExport";
  private static final int ROWS_BETWEEN_STOP_CHECKS = 4096;

  private final LakeStorage storage;
  private final StagingSettings settings;
  private final ChunkContext context;
  private final String stagingRoot;
  private final String path;
  private final String directory;
  private final String doing;
  private final LakeSchema schema;
  private final List<DataFileStatus> files = new ArrayList<>();
  private long rowCount;
  private long byteCount;

  /** How much of the file under way was reported as progress. */
  private long reportedOfFile;

  private ChunkStaging(
      LakeStorage storage, String stagingRoot, StagingSettings settings, ChunkContext context) {
    this.settings = settings;
    this.context = context;
    this.stagingRoot = stagingRoot;
    this.storage = storage.usedBy(attempt(context));
    this.path = StagingLayout.ofAttempt(context.chunk(), context.attempt());
    this.directory = stagingRoot + "/" + path;
    this.schema = LakeSchema.of(context.view().description().schema());
    this.doing =
        "Chunk "
            + context.chunk().chunk()
            + " of view "
            + context.view().name()
            + " of job "
            + context.jobId()
            + " not staged";
  }

  private static Attempt attempt(ChunkContext context) {
    String work = context.jobId() + ".v" + context.view().index() + ".c" + context.chunk().chunk();
    return new Attempt(work, context.attempt(), context.stop());
  }

  /**
   * Stages the rows of the cursor, to its end. Where it fails or is stopped, what was written is
   * deleted.
   *
   * @throws ExportException where the place can't be written
   */
  public static ChunkReceipt stage(
      LakeStorage storage,
      String stagingRoot,
      StagingSettings settings,
      ChunkContext context,
      RowCursor rows) {
    return new ChunkStaging(storage, stagingRoot, settings, context).stage(rows);
  }

  private ChunkReceipt stage(RowCursor rows) {
    checkFresh();
    List<String> absent = storage.absentAbove(directory, stagingRoot);
    try {
      storage.createDirectories(directory);
      writeFiles(rows);
      commit();
    } catch (IOException e) {
      throw withoutLeftovers(StorageFailures.of(e, doing, directory), absent);
    } catch (UncheckedIOException e) {
      throw withoutLeftovers(StorageFailures.of(new IOException(e), doing, directory), absent);
    } catch (ExportException | ExportStoppedException e) {
      throw withoutLeftovers(e, absent);
    }
    return new ChunkReceipt(new StagingReceipt(path).payload(), rowCount, byteCount);
  }

  /** No attempt has the number of another; what is there all the same is not touched. */
  private void checkFresh() {
    if (storage.exists(directory)) {
      throw ExportException.retryable(
          "staging-not-fresh",
          doing + ": " + directory + " is there already; another attempt takes another place.",
          null);
    }
  }

  /**
   * Space that a failed attempt holds would be missing for the next one; and one that was frozen
   * may have made its place again after the job's clean-up.
   */
  private RuntimeException withoutLeftovers(RuntimeException failure, List<String> absentBefore) {
    try {
      storage.deleteTree(directory);
      absentBefore.forEach(storage::deleteIfEmpty);
    } catch (ExportException leftForCleanUp) {
      failure.addSuppressed(leftForCleanUp);
    }
    return failure;
  }

  private void writeFiles(RowCursor rows) throws IOException {
    long rowGroupBytes = Math.min(settings.rowGroupBytes(), settings.targetFileBytes());
    var fileSettings =
        new RowFileSettings(
            settings.compression(),
            rowGroupBytes,
            Set.copyOf(context.view().settings().mergeKey()));
    try (RowFileWriter writer = new RowFileWriter(schema, fileSettings)) {
      boolean more = true;
      while (more) {
        String file = directory + "/" + fileName(files.size());
        writer.open(storage.parquetOutput(file));
        more = fill(writer, rows, settings.targetFileBytes() - rowGroupBytes / 2);
        Optional<WrittenFile> written = writer.finish();
        if (written.isPresent()) {
          context.progress(written.get().bytes() - reportedOfFile);
          add(file, written.get());
        }
      }
    }
  }

  private static String fileName(int number) {
    return String.format(Locale.ROOT, "part-%05d-%s.parquet", number, UUID.randomUUID());
  }

  /** Writes until the file has its size or the rows end; says whether there may be more. */
  private boolean fill(RowFileWriter writer, RowCursor rows, long fullAt) throws IOException {
    reportedOfFile = 0;
    boolean more = true;
    while (more && writer.fileBytes() < fullAt) {
      context.stop().throwIfStopped();
      more = writer.write(rows, ROWS_BETWEEN_STOP_CHECKS);
      if (writer.fileBytes() > reportedOfFile) {
        context.progress(writer.fileBytes() - reportedOfFile);
        reportedOfFile = writer.fileBytes();
      }
    }
    return more;
  }

  private void add(String file, WrittenFile written) throws IOException {
    long modifiedAt = storage.fileIo().getFileStatus(file).getModificationTime();
    files.add(
        new DataFileStatus(
            file, written.bytes(), modifiedAt, Optional.of(FileStatistics.of(schema, written))));
    rowCount += written.rows();
    byteCount += written.bytes();
  }

  /** Creates the table and adds the files, in the one commit that its log ever has. */
  private void commit() {
    try {
      Engine engine = storage.engine();
      Transaction transaction =
          TableManager.buildCreateTableTransaction(directory, schema.deltaSchema(), ENGINE)
              .withMaxRetries(0)
              .build(engine);
      Row state = transaction.getTransactionState(engine);
      DataWriteContext where = Transaction.getWriteContext(engine, state, Map.of());
      CloseableIterator<Row> added =
          Transaction.generateAppendActions(
              engine, state, Utils.toCloseableIterator(files.iterator()), where);
      context.stop().throwIfStopped();
      transaction.commit(engine, CloseableIterable.inMemoryIterable(added));
    } catch (RuntimeException e) {
      throw notCommitted(KernelFailures.of(e, doing, directory));
    }
  }

  /**
   * A lost answer does no harm here: the next attempt writes elsewhere, and no receipt names it.
   */
  private RuntimeException notCommitted(RuntimeException failure) {
    if (!(failure instanceof ExportException e) || e.kind() != FailureKind.OUTCOME_UNKNOWN) {
      return failure;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return StorageFailures.of(io, doing, directory);
      }
    }
    return ExportException.retryable(e.code(), e.message(), e);
  }
}
