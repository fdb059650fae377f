// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import static io.viewexport.deltalake.ExportParameters.AWS_REGION;
import static io.viewexport.deltalake.ExportParameters.STAGING_TABLE_PATH;
import static io.viewexport.deltalake.ExportParameters.TABLE_NAME;
import static io.viewexport.deltalake.ExportParameters.WAREHOUSE_ID;
import static io.viewexport.deltalake.ExportParameters.WORKSPACE_ID;
import static io.viewexport.deltalake.ExportParameters.WORKSPACE_REGION;
import static io.viewexport.deltalake.ExportParameters.WORKSPACE_URL;
import static io.viewexport.deltalake.ExportParameters.WRITE_MODE;

import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The parameters of the modes {@code managed-sql} and {@code managed-zerobus}. */
final class ManagedParameters {
  /** Those that no other mode has. */
  static final Set<String> OWN =
      Set.of(TABLE_NAME, WORKSPACE_URL, WORKSPACE_ID, WORKSPACE_REGION, WAREHOUSE_ID, AWS_REGION);

  /** What can be a part of a URL's path, or of a host's name, as it stands. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final LakeWorkspaces workspaces;

  ManagedParameters(LakeWorkspaces workspaces) {
    this.workspaces = workspaces;
  }

  /** The place; empty where there was a problem. */
  Optional<ManagedPlace> read(ParameterReader reader, WriteMode mode, long targetFileBytes) {
    if (workspaces.isEmpty()) {
      reader.problem(
          "write-mode-not-available",
          "writeMode "
              + mode.code()
              + " needs a workspace, and none is configured on this server; use "
              + WriteMode.EXTERNAL_DIRECT.code()
              + ".",
          WRITE_MODE);
      return Optional.empty();
    }
    Optional<TableName> target = target(reader);
    Optional<LakeWorkspace> workspace = workspace(reader);
    return workspace.flatMap(found -> of(reader, found, target, targetFileBytes));
  }

  private static Optional<ManagedPlace> of(
      ParameterReader reader,
      LakeWorkspace workspace,
      Optional<TableName> target,
      long targetFileBytes) {
    WorkspaceConfig config = workspace.config();
    checkSame(reader, WORKSPACE_ID, config.workspaceId());
    checkSame(reader, WORKSPACE_REGION, config.region());
    checkSame(reader, AWS_REGION, Optional.of(config.staging().region()));
    target.ifPresent(name -> checkAllowed(reader, name, config));
    Optional<String> warehouse = word(reader, WAREHOUSE_ID, config.warehouseId());
    Optional<String> staging = stagingRoot(reader, workspace);
    if (target.isEmpty() || warehouse.isEmpty() || staging.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ManagedPlace(workspace, target.get(), warehouse.get(), staging.get(), targetFileBytes));
  }

  private static Optional<TableName> target(ParameterReader reader) {
    Optional<String> text = reader.required(TABLE_NAME, "the table, as catalog.schema.table");
    try {
      return text.map(TableName::parse);
    } catch (IllegalArgumentException e) {
      reader.problem(
          "invalid-value",
          "tableName must be catalog.schema.table, without quotes; no part may hold a dot, a"
              + " space, a slash or a control character.",
          TABLE_NAME);
      return Optional.empty();
    }
  }

  private Optional<LakeWorkspace> workspace(ParameterReader reader) {
    Optional<String> url = reader.text(WORKSPACE_URL);
    Optional<LakeWorkspace> workspace =
        url.isEmpty() ? workspaces.single() : workspaces.find(url.get());
    if (workspace.isEmpty() && url.isEmpty()) {
      reader.problem(
          "missing-parameter",
          "databricksWorkspaceUrl is required: this server knows several workspaces.",
          WORKSPACE_URL);
    } else if (workspace.isEmpty()) {
      reader.problem(
          "workspace-not-allowed",
          "databricksWorkspaceUrl names a workspace that is not configured on this server; use one"
              + " that is, or have this one configured.",
          WORKSPACE_URL);
    }
    return workspace;
  }

  /** A request may repeat what is configured, to be sure; it can't change it. */
  private static void checkSame(
      ParameterReader reader, String parameter, Optional<String> configured) {
    Optional<String> asked = reader.text(parameter);
    if (asked.isPresent() && configured.isPresent() && !asked.equals(configured)) {
      reader.problem(
          "workspace-not-allowed",
          parameter + " is not what is configured for the workspace; leave it out, or correct it.",
          parameter);
    }
  }

  private static void checkAllowed(
      ParameterReader reader, TableName target, WorkspaceConfig config) {
    if (!config.allowsTarget(target.catalog(), target.schema())) {
      reader.problem(
          "target-not-allowed",
          "Tables of "
              + target.schemaName()
              + " are no targets of exports; allowed are those of "
              + String.join(", ", config.allowedTargets())
              + ".",
          TABLE_NAME);
    }
  }

  private static Optional<String> word(
      ParameterReader reader, String parameter, Optional<String> configured) {
    Optional<String> value = reader.text(parameter).or(() -> configured);
    if (value.isEmpty()) {
      reader.problem(
          "missing-parameter",
          parameter + " is required: this server has no default for it.",
          parameter);
    } else if (!WORD.matcher(value.get()).matches()) {
      reader.problem(
          "invalid-value",
          parameter + " must be letters, digits, hyphens and underscores.",
          parameter);
      return Optional.empty();
    }
    return value;
  }

  private static Optional<String> stagingRoot(ParameterReader reader, LakeWorkspace workspace) {
    Optional<String> text = reader.text(STAGING_TABLE_PATH);
    Optional<String> place = text.isEmpty() ? workspace.usualStaging() : text;
    if (place.isEmpty()) {
      reader.problem(
          "missing-parameter",
          "stagingTablePath is required: this server knows several places for staging.",
          STAGING_TABLE_PATH);
      return Optional.empty();
    }
    try {
      return Optional.of(workspace.resolveStaging(place.get()));
    } catch (PathNotAllowedException e) {
      reader.problem(e.code(), e.message(), STAGING_TABLE_PATH);
      return Optional.empty();
    }
  }
}
