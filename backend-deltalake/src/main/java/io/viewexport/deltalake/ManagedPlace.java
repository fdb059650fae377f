// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.api.chunk.ChunkId;
import io.viewexport.deltalake.internal.schema.TableName;
import io.viewexport.deltalake.internal.staging.StagingLayout;
import java.util.Optional;

/**
 * Where a view is exported to by a workspace: read from its parameters by {@link
 * ManagedParameters}.
 *
 * @param workspace the workspace
 * @param target the target table
 * @param warehouseId the SQL warehouse that merges
 * @param stagingRoot the place that staging lies below, such as {@code s3://bucket/staging}
 * @param targetFileBytes about how large data files are
 */
record ManagedPlace(
    LakeWorkspace workspace,
    TableName target,
    String warehouseId,
    String stagingRoot,
    long targetFileBytes)
    implements Place {

  @Override
  public String exclusionKey() {
    return "databricks-uc:" + workspace.config().url() + "/" + target;
  }

  /** Where the workspace keeps the target is its own affair. */
  @Override
  public Optional<String> targetPath() {
    return Optional.empty();
  }

  /**
   * The name of the staging table of an attempt at a chunk, so that whoever cleans up finds what a
   * dead server registered.
   */
  TableName stagingTable(ChunkId chunk, int attempt) {
    String job = chunk.job().value().replace('-', '_');
    return target.inStaging(
        "vx_" + job + "_v" + chunk.view() + "_c" + chunk.chunk() + "_a" + attempt);
  }

  /** Where that table's files are. */
  String stagingLocation(ChunkId chunk, int attempt) {
    return stagingRoot + "/" + StagingLayout.ofAttempt(chunk, attempt);
  }
}
