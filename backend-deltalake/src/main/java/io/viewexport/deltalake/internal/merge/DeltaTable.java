// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.parquet.ParquetFileWriter;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.hook.PostCommitHook.PostCommitHookType;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.viewexport.api.ExportException;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Delta table at one version. The only class that uses Kernel's internals: removing files, adding
 * columns, committing without a rebase, naming data files.
 */
final class DeltaTable {
  private static final Logger LOG = LoggerFactory.getLogger(DeltaTable.class);
  private static final String ENGINE_INFO = "ViewExport";
  private static final long TRANSACTION_VERSION = 1;

  /** Delta's default. */
  private static final int STATISTICS_COLUMNS = 32;

  /** A full checksum reads the whole log. */
  private static final Set<PostCommitHookType> SKIPPED_AFTER_DATA =
      EnumSet.of(PostCommitHookType.CHECKSUM_FULL);

  /**
   * Kernel would put the columns of the version before into the checksum, as it knows nothing of
   * the new ones, and readers believe a checksum before they read the log.
   */
  private static final Set<PostCommitHookType> SKIPPED_AFTER_SCHEMA =
      EnumSet.of(PostCommitHookType.CHECKSUM_FULL, PostCommitHookType.CHECKSUM_SIMPLE);

  private final LakeStorage storage;
  private final Snapshot snapshot;

  private DeltaTable(LakeStorage storage, Snapshot snapshot) {
    this.storage = storage;
    this.snapshot = snapshot;
  }

  /** The newest version of a table; empty where there is none. */
  static Optional<DeltaTable> find(LakeStorage storage, String path) {
    return build(storage, path, TableManager.loadSnapshot(path));
  }

  /** The first version of a table; empty where there is none. */
  static Optional<DeltaTable> findFirstVersion(LakeStorage storage, String path) {
    return build(storage, path, TableManager.loadSnapshot(path).atVersion(0));
  }

  private static Optional<DeltaTable> build(
      LakeStorage storage, String path, SnapshotBuilder builder) {
    // Kernel says the same of a directory that is not there and of an empty log.
    if (!storage.exists(path + "/_delta_log")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DeltaTable(storage, builder.build(storage.engine())));
    } catch (TableNotFoundException none) {
      return Optional.empty();
    } catch (UnsupportedTableFeatureException e) {
      String features = String.join(", ", new TreeSet<>(e.getUnsupportedFeatures()));
      throw ExportException.permanent(
          "target-not-supported",
          "The table at " + path + " uses table features that are not supported: " + features + ".",
          e);
    } catch (IllegalArgumentException e) {
      throw ExportException.permanent(
          "target-not-supported",
          "The table at "
              + path
              + " can't be opened by its path alone: a table that is managed by"
              + " a catalog (table feature catalogManaged) needs its catalog.",
          e);
    }
  }

  /**
   * Makes a table without rows.
   *
   * @return whether it was this call that made it
   */
  static boolean create(LakeStorage storage, String path, StructType schema) {
    try {
      Transaction transaction =
          TableManager.buildCreateTableTransaction(path, schema, ENGINE_INFO)
              .withMaxRetries(0)
              .build(storage.engine());
      transaction.commit(storage.engine(), CloseableIterable.emptyIterable());
      return true;
    } catch (TableAlreadyExistsException | ConcurrentWriteException lost) {
      return false;
    } catch (MaxCommitRetryLimitReachedException e) {
      return notCommitted(e);
    }
  }

  /** The version. */
  long version() {
    return snapshot.getVersion();
  }

  /** The columns. */
  StructType schema() {
    return snapshot.getSchema();
  }

  /** The columns by which the table is partitioned. */
  List<String> partitionColumns() {
    return snapshot.getPartitionColumnNames();
  }

  /** The properties of the table. */
  Map<String, String> properties() {
    return metadata().getConfiguration();
  }

  /** The features that the table's protocol names, for readers and writers. */
  List<String> features() {
    Protocol protocol = ((SnapshotImpl) snapshot).getProtocol();
    return protocol.getReaderAndWriterFeatures().stream().sorted().toList();
  }

  private Metadata metadata() {
    return ((SnapshotImpl) snapshot).getMetadata();
  }

  /** Throws what Kernel throws where it can't write to this table. */
  void checkWritable() {
    snapshot.buildUpdateTableTransaction(ENGINE_INFO, Operation.WRITE).build(storage.engine());
  }

  /** Whether the transaction was committed, by this or any earlier version. */
  boolean hasTransaction(String id) {
    return transactionVersion(id).isPresent();
  }

  private Optional<Long> transactionVersion(String id) {
    return ((SnapshotImpl) snapshot).getLatestTransactionVersion(storage.engine(), id);
  }

  /**
   * Takes the version after this one by a commit that changes nothing, so that no other can have
   * it. Key: the id and the number; where they are in the log, that has been done.
   *
   * @param id of a transaction of its own
   * @param number not smaller than those of earlier calls
   * @return false where another writer was first
   */
  boolean takeNextVersion(String id, long number) {
    return transactionVersion(id).filter(taken -> taken >= number).isPresent()
        || commit(Optional.of(new TransactionId(id, number)), List.of(), SKIPPED_AFTER_DATA);
  }

  /** What Delta knows a transaction by. */
  private record TransactionId(String id, long version) {}

  /** The data files of this version. */
  List<TableFile> files() {
    Scan scan = snapshot.getScanBuilder().build();
    List<TableFile> files = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> batches =
        scan.getScanFiles(storage.engine(), true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            files.add(file(rows.next()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static TableFile file(Row row) {
    AddFile add = addFile(row);
    return new TableFile(
        InternalScanFileUtils.getAddFileStatus(row),
        row,
        add.getDeletionVector().isPresent(),
        add.getNumRecords(),
        add.getStatsJson());
  }

  private static AddFile addFile(Row scanRow) {
    return new AddFile(scanRow.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
  }

  /** What Kernel needs to read these columns of a file with deleted rows. */
  Row scanState(StructType columns) {
    return snapshot.getScanBuilder().withReadSchema(columns).build().getScanState(storage.engine());
  }

  /** The columns to read from a data file for a scan. */
  static StructType physicalColumns(Row scanState) {
    return ScanStateRow.getPhysicalDataReadSchema(scanState);
  }

  /**
   * Adds columns in a commit of its own, on top of exactly this version.
   *
   * @return the version made of this one; empty where another writer was first
   */
  Optional<DeltaTable> withSchema(StructType schema) {
    Metadata changed = metadata().withNewSchema(schema);
    Row action = SingleAction.createMetadataSingleAction(changed.toRow());
    if (!commit(Optional.empty(), List.of(action), SKIPPED_AFTER_SCHEMA)) {
      return Optional.empty();
    }
    return find(storage, snapshot.getPath()).filter(table -> table.version() == version() + 1);
  }

  /**
   * Adds and removes files under a transaction's id, on top of exactly this version.
   *
   * @return false where another writer was first: nothing was committed
   */
  boolean commit(String transactionId, List<NewFile> added, List<TableFile> removed) {
    long now = System.currentTimeMillis();
    List<Row> actions = new ArrayList<>();
    for (NewFile file : added) {
      actions.add(SingleAction.createAddFileSingleAction(addRow(file)));
    }
    for (TableFile file : removed) {
      actions.add(
          SingleAction.createRemoveFileSingleAction(
              addFile(file.scanRow()).toRemoveFileRow(true, Optional.of(now))));
    }
    return commit(
        Optional.of(new TransactionId(transactionId, TRANSACTION_VERSION)),
        actions,
        SKIPPED_AFTER_DATA);
  }

  private static Row addRow(NewFile file) {
    StructType schema = AddFile.FULL_SCHEMA;
    Map<Integer, Object> values = new HashMap<>();
    values.put(schema.indexOf("path"), file.name());
    values.put(schema.indexOf("partitionValues"), VectorUtils.stringStringMapValue(Map.of()));
    values.put(schema.indexOf("size"), file.size());
    values.put(schema.indexOf("modificationTime"), file.modifiedAt());
    values.put(schema.indexOf("dataChange"), true);
    values.put(schema.indexOf("stats"), file.statistics());
    return new GenericRow(schema, values);
  }

  private boolean commit(
      Optional<TransactionId> transaction, List<Row> actions, Set<PostCommitHookType> skipped) {
    Engine engine = storage.engine();
    var builder =
        snapshot.buildUpdateTableTransaction(ENGINE_INFO, Operation.WRITE).withMaxRetries(0);
    transaction.ifPresent(one -> builder.withTransactionId(one.id(), one.version()));
    try {
      CloseableIterable<Row> rows =
          CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator()));
      TransactionCommitResult result = builder.build(engine).commit(engine, rows);
      runHooks(engine, result, skipped);
      return true;
    } catch (ConcurrentWriteException lost) {
      return false;
    } catch (MaxCommitRetryLimitReachedException e) {
      return notCommitted(e);
    }
  }

  /** False for a conflict; with any other cause it is not known here what became of the commit. */
  private static boolean notCommitted(MaxCommitRetryLimitReachedException e) {
    if (e.getCause() instanceof CommitFailedException failed && failed.isConflict()) {
      return false;
    }
    throw e;
  }

  /** Checkpoints and checksums: others can make them as well, so a failure harms nobody. */
  private static void runHooks(
      Engine engine, TransactionCommitResult result, Set<PostCommitHookType> skipped) {
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (skipped.contains(hook.getType())) {
        continue;
      }
      try {
        hook.threadSafeInvoke(engine);
      } catch (IOException | RuntimeException e) {
        LOG.warn(
            "version={} hook={} not run: {}",
            result.getVersion(),
            hook.getType(),
            e.getClass().getSimpleName());
      }
    }
  }

  /**
   * Writes one Parquet file; none where there are no batches.
   *
   * @param rows batches of this schema, each with at least one selected row
   */
  static Optional<NewFile> writeFile(
      LakeStorage storage,
      String directory,
      String name,
      StructType schema,
      CloseableIterator<FilteredColumnarBatch> rows) {
    try (CloseableIterator<DataFileStatus> written =
        ParquetFileWriter.singleFileWriter(
                storage.fileIo(), directory + "/" + name, false, statisticsColumns(schema))
            .write(rows)) {
      if (!written.hasNext()) {
        return Optional.empty();
      }
      DataFileStatus status = written.next();
      String statistics = status.getStatistics().map(s -> s.serializeAsJson(schema)).orElseThrow();
      return Optional.of(
          new NewFile(name, status.getSize(), status.getModificationTime(), statistics));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Column> statisticsColumns(StructType schema) {
    return schema.fields().stream()
        .filter(field -> RowEncoder.knows(field.getDataType()))
        .map(field -> new Column(field.getName()))
        .limit(STATISTICS_COLUMNS)
        .toList();
  }
}
