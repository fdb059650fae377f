// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewexport.api.ExportException;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.catalog.Subject.Call;
import io.viewexport.deltalake.internal.schema.LakeSchema;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceCall;
import io.viewexport.deltalake.internal.workspace.WorkspaceException;
import java.util.Optional;

/**
 * The tables of a workspace's Unity Catalog. All calls may be made again, whatever became of the
 * first. They throw {@link ExportException}, never {@code OUTCOME_UNKNOWN}, and {@link
 * io.viewexport.api.ExportStoppedException}. Safe for use by many threads.
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

  private static final int MOST_PAGES = 100;

  private final WorkspaceApi api;
  private final Pause pause;

  /** The catalog of a workspace. */
  public UnityCatalog(WorkspaceApi api, Pause pause) {
    this.api = api;
    this.pause = pause;
  }

  /**
   * The table of this name; empty where its schema has none.
   *
   * @throws ExportException {@code PERMANENT} where there is no such schema, or no access
   */
  public Optional<CatalogTable> findTable(TableName name, StopSignal stop) {
    Subject subject = Subject.table("not read", Call.GET_TABLE, name);
    try {
      JsonNode answer = api.call(WorkspaceCall.get(CatalogPaths.table(name), stop));
      return Optional.of(understood(TableReader.read(name, answer), subject));
    } catch (WorkspaceException e) {
      if (CatalogFailures.isMissing(e, subject)) {
        return Optional.empty();
      }
      throw CatalogFailures.of(e, subject);
    }
  }

  /**
   * Registers an external Delta table. Key: name and location; where it is there already, that is
   * done.
   *
   * @param location such as {@code s3://bucket/prefix/table}
   * @throws ExportException {@code PERMANENT} where a table of this name is at another place
   */
  public CatalogTable createExternalTable(
      TableName name, LakeSchema columns, String location, StopSignal stop) {
    Subject subject = Subject.table("not created", Call.CREATE_TABLE, name);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", name.table());
    body.put("catalog_name", name.catalog());
    body.put("schema_name", name.schema());
    body.put("table_type", "EXTERNAL");
    body.put("data_source_format", "DELTA");
    body.put("storage_location", location);
    body.set("columns", ColumnSpecs.of(columns));
    try {
      JsonNode answer =
          api.call(
              WorkspaceCall.post(CatalogPaths.TABLES, body, WorkspaceCall.Repeat.ALWAYS, stop));
      return understood(TableReader.read(name, answer), subject);
    } catch (WorkspaceException e) {
      if (CatalogFailures.isExisting(e)) {
        return existing(name, location, stop, e);
      }
      throw CatalogFailures.of(e, subject);
    }
  }

  /** The table that is there already, where it is the one that was to be made. */
  private CatalogTable existing(
      TableName name, String location, StopSignal stop, WorkspaceException refusal) {
    CatalogTable table =
        findTable(name, stop)
            .orElseThrow(
                () ->
                    ExportException.retryable(
                        "table-changed",
                        "Table " + name + " not created: another process deletes it meanwhile.",
                        refusal));
    if (table.location().map(Locations::canonical).equals(canonical(location))) {
      return table;
    }
    throw ExportException.permanent(
        "table-exists",
        "Table "
            + name
            + " not created: there is another of that name, not at "
            + location
            + "; drop or rename it.",
        refusal);
  }

  private static Optional<String> canonical(String location) {
    return Optional.of(Locations.canonical(location));
  }

  /** Takes a table out of the catalog; done where there is none. Files of external tables stay. */
  public void deleteTable(TableName name, StopSignal stop) {
    try {
      api.call(WorkspaceCall.delete(CatalogPaths.table(name), stop));
    } catch (WorkspaceException e) {
      if (!CatalogFailures.isNotFound(e)) {
        throw CatalogFailures.of(e, Subject.table("not deleted", Call.DELETE_TABLE, name));
      }
    }
  }

  /** Whether there is this schema. */
  public boolean schemaExists(String catalog, String schema, StopSignal stop) {
    Subject subject = Subject.schema(catalog, schema);
    try {
      api.call(WorkspaceCall.get(CatalogPaths.schema(catalog, schema), stop));
      return true;
    } catch (WorkspaceException e) {
      if (CatalogFailures.isMissing(e, subject)) {
        return false;
      }
      throw CatalogFailures.of(e, subject);
    }
  }

  /**
   * The name of the external location that a path lies in, as far as the caller may see it.
   *
   * @param url such as {@code s3://bucket/prefix}
   */
  public Optional<String> findExternalLocation(String url, StopSignal stop) {
    String page = "";
    for (int pages = 0; pages < MOST_PAGES; pages++) {
      JsonNode answer;
      try {
        answer = api.call(WorkspaceCall.get(CatalogPaths.locations(page), stop));
      } catch (WorkspaceException e) {
        throw CatalogFailures.of(e, Subject.locations(url));
      }
      for (JsonNode location : answer.path("external_locations")) {
        String place = location.path("url").asText("");
        if (!place.isEmpty() && Locations.isWithin(url, place)) {
          return Optional.of(location.path("name").asText("")).filter(name -> !name.isEmpty());
        }
      }
      page = answer.path("next_page_token").asText("");
      if (page.isEmpty()) {
        break;
      }
    }
    return Optional.empty();
  }

  /**
   * Credentials to read and write the files of a table. Nothing is asked for before their first
   * use.
   *
   * @param stop ends the asking
   */
  public VendedCredentials credentialsFor(CatalogTable table, StopSignal stop) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("table_id", table.tableId());
    body.put("operation", "READ_WRITE");
    Subject subject = Subject.table("not open for writing", Call.TABLE_CREDENTIALS, table.name());
    return credentials(CatalogPaths.TABLE_CREDENTIALS, body, subject, stop);
  }

  /**
   * Credentials for a path. Nothing is asked for before their first use.
   *
   * @param url such as {@code s3://bucket/prefix}
   * @param stop ends the asking
   */
  public VendedCredentials credentialsFor(String url, PathAccess access, StopSignal stop) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("url", url);
    body.put("operation", access.name());
    return credentials(CatalogPaths.PATH_CREDENTIALS, body, Subject.path(url), stop);
  }

  private VendedCredentials credentials(
      String path, ObjectNode body, Subject subject, StopSignal stop) {
    WorkspaceCall call = WorkspaceCall.post(path, body, WorkspaceCall.Repeat.ALWAYS, stop);
    return new VendedCredentials(api, call, subject, pause);
  }

  private static CatalogTable understood(Optional<CatalogTable> table, Subject subject) {
    return table.orElseThrow(
        () ->
            ExportException.retryable(
                "answer-not-understood",
                subject.doing() + ": Unity Catalog answered without a table_id.",
                null));
  }
}
