// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.ExportException;
import io.viewexport.api.ExportIssue;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The parameters of the kind: what they are, and what a view's say. */
final class ExportParameters {
  static final String WRITE_MODE = "writeMode";
  static final String TABLE_PATH = "tablePath";
  static final String TABLE_NAME = "tableName";
  static final String STAGING_TABLE_PATH = "stagingTablePath";
  static final String TARGET_FILE_SIZE_MB = "targetFileSizeMb";
  static final String WORKSPACE_URL = "databricksWorkspaceUrl";
  static final String WORKSPACE_ID = "databricksWorkspaceId";
  static final String WORKSPACE_REGION = "databricksRegion";
  static final String WAREHOUSE_ID = "databricksWarehouseId";
  static final String AWS_REGION = "awsRegion";

  static final List<BackendParameter> ALL =
      List.of(
          new BackendParameter(
              WRITE_MODE,
              BackendParameter.Type.CODE,
              "How the table is written: managed-sql and managed-zerobus by a Databricks workspace,"
                  + " external-direct by this server; by default managed-zerobus where a workspace"
                  + " is configured."),
          new BackendParameter(
              TABLE_NAME,
              BackendParameter.Type.STRING,
              "The table in Unity Catalog, as catalog.schema.table; it must be there. For the"
                  + " managed modes."),
          new BackendParameter(
              TABLE_PATH,
              BackendParameter.Type.URL,
              "The folder of the table: a path, a file: URL or s3://bucket/prefix; made if it is"
                  + " not there. For external-direct."),
          new BackendParameter(
              STAGING_TABLE_PATH,
              BackendParameter.Type.URL,
              "Where staging lies: for the managed modes s3://bucket/prefix, by default the one"
                  + " place that is configured; for external-direct on the same file system as the"
                  + " table, by default its sibling, named like it with .viewexport-staging at the"
                  + " end."),
          new BackendParameter(
              TARGET_FILE_SIZE_MB,
              BackendParameter.Type.INTEGER,
              "About how large data files are, in MiB: 1 to 1024, by default 128."),
          new BackendParameter(
              WORKSPACE_URL,
              BackendParameter.Type.URL,
              "The Databricks workspace, one that is configured; by default the only one."),
          new BackendParameter(
              WORKSPACE_ID,
              BackendParameter.Type.STRING,
              "The id of the workspace, to make sure that it is meant."),
          new BackendParameter(
              WORKSPACE_REGION,
              BackendParameter.Type.STRING,
              "The region of the workspace, to make sure that it is meant."),
          new BackendParameter(
              WAREHOUSE_ID,
              BackendParameter.Type.STRING,
              "The SQL warehouse that merges; by default the configured one."),
          new BackendParameter(
              AWS_REGION,
              BackendParameter.Type.STRING,
              "The region of the staging bucket, to make sure that it is meant."));

  private static final Set<String> OF_BOTH =
      Set.of(WRITE_MODE, STAGING_TABLE_PATH, TARGET_FILE_SIZE_MB);
  private static final int DEFAULT_FILE_SIZE_MB = 128;
  private static final int MAX_FILE_SIZE_MB = 1024;
  private static final long MIB = 1024L * 1024;

  private final DirectParameters direct;
  private final ManagedParameters managed;
  private final WriteMode usual;

  /** Parameters that name places in this storage, or tables of these workspaces. */
  ExportParameters(LakeStorage storage, LakeWorkspaces workspaces) {
    direct = new DirectParameters(storage);
    managed = new ManagedParameters(workspaces);
    usual = workspaces.isEmpty() ? WriteMode.EXTERNAL_DIRECT : WriteMode.MANAGED_ZEROBUS;
  }

  /**
   * Reads a view's parameters.
   *
   * @param expression makes the expression for a parameter's name
   * @param problems takes every problem found
   * @return empty where there was a problem
   */
  Optional<Place> read(
      Map<String, String> values, UnaryOperator<String> expression, List<ExportIssue> problems) {
    int before = problems.size();
    ParameterReader reader = new ParameterReader(values, expression, problems);
    checkKnown(reader);
    Optional<Place> place = mode(reader).flatMap(mode -> read(mode, reader));
    return problems.size() == before ? place : Optional.empty();
  }

  private Optional<Place> read(WriteMode mode, ParameterReader reader) {
    var fileSize = reader.number(TARGET_FILE_SIZE_MB, DEFAULT_FILE_SIZE_MB, MAX_FILE_SIZE_MB);
    long fileBytes = fileSize.orElse(DEFAULT_FILE_SIZE_MB) * MIB;
    return switch (mode) {
      case EXTERNAL_DIRECT -> {
        refuseOthers(reader, mode, DirectParameters.OWN);
        yield direct.read(reader, fileBytes).map(Place.class::cast);
      }
      case MANAGED_SQL, MANAGED_ZEROBUS -> {
        refuseOthers(reader, mode, ManagedParameters.OWN);
        yield managed.read(reader, mode, fileBytes).map(Place.class::cast);
      }
    };
  }

  /**
   * Reads parameters that planning has accepted, on whatever server.
   *
   * @throws ExportException {@code PERMANENT} where they are not acceptable on this one
   */
  Place accepted(Map<String, String> values) {
    List<ExportIssue> problems = new ArrayList<>();
    return read(values, UnaryOperator.identity(), problems)
        .orElseThrow(
            () -> {
              ExportIssue first = problems.get(0);
              return ExportException.permanent(first.code(), first.message(), null);
            });
  }

  private static void checkKnown(ParameterReader reader) {
    List<String> known = ALL.stream().map(BackendParameter::name).toList();
    for (String name : reader.names()) {
      if (!known.contains(name)) {
        reader.problem(
            "unknown-parameter",
            "There is no parameter " + name + "; known are " + String.join(", ", known) + ".",
            name);
      }
    }
  }

  private static void refuseOthers(ParameterReader reader, WriteMode mode, Set<String> own) {
    for (BackendParameter known : ALL) {
      String name = known.name();
      if (reader.text(name).isPresent() && !OF_BOTH.contains(name) && !own.contains(name)) {
        reader.problem(
            "parameter-of-other-mode",
            name + " means nothing in writeMode " + mode.code() + "; leave it out.",
            name);
      }
    }
  }

  private Optional<WriteMode> mode(ParameterReader reader) {
    Optional<String> code = reader.text(WRITE_MODE);
    Optional<WriteMode> mode = code.isEmpty() ? Optional.of(usual) : WriteMode.parse(code.get());
    if (mode.isEmpty()) {
      String modes =
          Arrays.stream(WriteMode.values()).map(WriteMode::code).collect(Collectors.joining(", "));
      reader.problem("invalid-value", "writeMode must be one of " + modes + ".", WRITE_MODE);
    }
    return mode;
  }
}
