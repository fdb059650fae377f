// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import java.util.Optional;

/**
 * The tables of a workspace's Unity Catalog. All calls may be made again, whatever became of the
 * first. They throw {@link io.viewexport.api.ExportException}, never {@code OUTCOME_UNKNOWN}, and
 * {@link io.viewexport.api.ExportStoppedException}. Safe for use by many threads.
 */
public final class UnityCatalog {
  /** What credentials for a path are for. */
  public enum PathAccess {
    /** Reading. */
    PATH_READ,
    /** Reading, writing and deleting. */
    PATH_READ_WRITE,
    /** Making an external table there. */
    PATH_CREATE_TABLE
  }

  private final WorkspaceApi api;
  private final Pause pause;

  /** The catalog of a workspace. */
  public UnityCatalog(WorkspaceApi api, Pause pause) {
    this.api = api;
    this.pause = pause;
  }

  /** The table of this name, where there is one. */
  public Optional<CatalogTable> findTable(TableName name, StopSignal stop) {
    throw new UnsupportedOperationException(api + " " + pause);
  }

  /**
   * Registers an external Delta table. Key: name and location; where it is there already, that is
   * done.
   *
   * @param location such as {@code s3://bucket/prefix/table}
   * @throws io.viewexport.api.ExportException {@code PERMANENT} where a table of this name is at
   *     another place
   */
  public CatalogTable createExternalTable(
      TableName name, LakeSchema columns, String location, StopSignal stop) {
    throw new UnsupportedOperationException();
  }

  /** Takes a table out of the catalog; done where there is none. Files of external tables stay. */
  public void deleteTable(TableName name, StopSignal stop) {
    throw new UnsupportedOperationException();
  }

  /** Whether there is this schema. */
  public boolean schemaExists(String catalog, String schema, StopSignal stop) {
    throw new UnsupportedOperationException();
  }

  /**
   * Credentials to read and write the files of a table. Nothing is asked for before their first
   * use.
   *
   * @param stop ends the asking
   */
  public VendedCredentials credentialsFor(CatalogTable table, StopSignal stop) {
    throw new UnsupportedOperationException();
  }

  /**
   * Credentials for a path. Nothing is asked for before their first use.
   *
   * @param url such as {@code s3://bucket/prefix}
   * @param stop ends the asking
   */
  public VendedCredentials credentialsFor(String url, PathAccess access, StopSignal stop) {
    throw new UnsupportedOperationException();
  }
}
