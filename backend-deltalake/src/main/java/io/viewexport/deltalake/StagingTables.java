// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.CancelContext;
import io.viewexport.api.backend.ChunkContext;
import io.viewexport.api.backend.FinalizeContext;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.chunk.ChunkAttempts;
import io.viewexport.deltalake.internal.catalog.CatalogTable;
import io.viewexport.deltalake.internal.catalog.UnityCatalog;
import io.viewexport.deltalake.internal.catalog.UnityCatalog.PathAccess;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.staging.StagingLayout;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.warehouse.StagedChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * The staging tables of a view in Unity Catalog: one for each attempt at a chunk, external, named
 * and placed by job, view, chunk and attempt, so that whoever cleans up finds what a dead server
 * registered.
 */
final class StagingTables {
  private static final Logger LOG = LoggerFactory.getLogger(StagingTables.class);
  private static final Set<String> RIGHT_MISSING =
      Set.of("access-denied", "no-external-use-location-grant", "external-access-disabled");

  private final ManagedPlace place;
  private final UnityCatalog catalog;

  StagingTables(ManagedPlace place) {
    this.place = place;
    this.catalog = place.workspace().catalog();
  }

  /**
   * Registers the table of an attempt and opens its place, by credentials for that table alone.
   * Key: chunk and attempt.
   */
  LakeStorage open(ChunkContext context) {
    TableName name = place.stagingTable(context.chunk(), context.attempt());
    String location = place.stagingLocation(context.chunk(), context.attempt());
    LakeSchema columns = LakeSchema.of(context.view().description().schema());
    context.stop().throwIfStopped();
    CatalogTable table = catalog.createExternalTable(name, columns, location, context.stop());
    return place.workspace().storage(catalog.credentialsFor(table, context.stop()));
  }

  /** The tables of the attempts that won. */
  List<StagedChunk> named(FinalizeContext context) {
    List<StagedChunk> named = new ArrayList<>();
    for (AcceptedReceipt accepted : context.receipts()) {
      TableName table = place.stagingTable(accepted.chunk(), accepted.attempt());
      named.add(new StagedChunk(table, accepted.receipt().rowCount()));
    }
    return named;
  }

  /**
   * Deletes what the attempts at a view's chunks left: the files first, as it is the tables that
   * give the right to, then the tables. Where they don't give it, or an attempt has no table, a
   * right to the path may do.
   */
  void remove(CancelContext context, CancelContext.EndedView view) {
    List<CatalogTable> tables = new ArrayList<>();
    boolean missing = !findRegistered(context, view, tables);
    boolean emptied = true;
    for (CatalogTable table : tables) {
      emptied &= deleteFiles(context, table);
    }
    if (!emptied) {
      deleteByPath(context, view);
    } else if (missing) {
      deleteUnregistered(context, view);
    }
    for (CatalogTable table : tables) {
      context.stop().throwIfStopped();
      catalog.deleteTable(table.name(), context.stop());
      context.progress(0);
    }
  }

  /** Whether every attempt has its table. */
  private boolean findRegistered(
      CancelContext context, CancelContext.EndedView view, List<CatalogTable> registered) {
    boolean all = true;
    for (ChunkAttempts chunk : view.chunks()) {
      for (int attempt = 1; attempt <= chunk.started(); attempt++) {
        context.stop().throwIfStopped();
        TableName name = place.stagingTable(chunk.chunk(), attempt);
        String location = place.stagingLocation(chunk.chunk(), attempt);
        Optional<CatalogTable> found = catalog.findTable(name, context.stop());
        all &= found.isPresent();
        found.filter(table -> isOurs(context, table, location)).ifPresent(registered::add);
        context.progress(0);
      }
    }
    return all;
  }

  private boolean isOurs(CancelContext context, CatalogTable table, String location) {
    if (table.location().filter(found -> isSame(found, location)).isPresent()) {
      return true;
    }
    context.warn(
        "staging-table-foreign",
        "The table "
            + table.name()
            + " does not lie where this export put it; it was left alone. Drop it if it is yours.");
    return false;
  }

  private boolean isSame(String found, String location) {
    try {
      return place.workspace().resolveStaging(found).equals(location);
    } catch (RuntimeException notBelowARoot) {
      return false;
    }
  }

  private boolean deleteFiles(CancelContext context, CatalogTable table) {
    context.stop().throwIfStopped();
    return isDeleted(table.location().orElseThrow(), catalog.credentialsFor(table, context.stop()));
  }

  /**
   * Without a table there are files only where somebody dropped it, or a frozen server wrote after
   * an earlier clean-up: so no right to them is asked for.
   */
  private void deleteUnregistered(CancelContext context, CancelContext.EndedView view) {
    String directory = directory(context, view);
    try {
      boolean deleted = isDeletedByPath(context, directory);
      LOG.debug("job={} place={} cleared by path: {}", context.jobId(), directory, deleted);
    } catch (ExportException e) {
      if (e.kind() != FailureKind.PERMANENT) {
        throw e;
      }
      LOG.debug("job={} place={} not cleared: {}", context.jobId(), directory, e.code());
    }
  }

  private String directory(CancelContext context, CancelContext.EndedView view) {
    return StagingLayout.ofView(place.stagingRoot(), context.jobId(), view.view().index());
  }

  private boolean isDeletedByPath(CancelContext context, String directory) {
    context.stop().throwIfStopped();
    return isDeleted(
        directory, catalog.credentialsFor(directory, PathAccess.PATH_READ_WRITE, context.stop()));
  }

  private void deleteByPath(CancelContext context, CancelContext.EndedView view) {
    String directory = directory(context, view);
    if (!isDeletedByPath(context, directory)) {
      context.warn(
          "staging-s3-cleanup-skipped",
          "no-external-use-location-grant: the files below "
              + directory
              + " were left. Grant EXTERNAL USE LOCATION on the external location of that path to"
              + " the service principal, and delete them there, or by a lifecycle rule.");
    }
  }

  /** False where the right to do it is missing. */
  private boolean isDeleted(String directory, AwsCredentialsProvider credentials) {
    try {
      String canonical = place.workspace().resolveStaging(directory);
      place.workspace().storage(credentials).deleteTree(canonical);
      return true;
    } catch (ExportException e) {
      if (RIGHT_MISSING.contains(e.code())) {
        return false;
      }
      throw e;
    }
  }
}
