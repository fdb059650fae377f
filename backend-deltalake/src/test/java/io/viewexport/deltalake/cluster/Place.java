// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.deltalake.BackendOnFiles;
import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.DeltaLakeBackend;
import io.viewexport.deltalake.DeltaLakeConfig;
import io.viewexport.deltalake.MergeLimits;
import io.viewexport.deltalake.S3Config;
import io.viewexport.deltalake.WorkspaceConfig;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.workspace.WorkspaceSimulator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where all tables of a cluster go; as text for another process, too.
 *
 * @param text a folder; or a workspace's URL, its bucket's endpoint and the root for staging
 */
record Place(String text) {
  /** What all pods sign in by: statements are seen by who submitted them. */
  static final String CLIENT = "pods";

  static final String SECRET = "secret-of-pods";

  /** So late a merge may begin of which nothing is heard. */
  private static final MergeLimits HASTY =
      new MergeLimits(Duration.ofSeconds(20), Duration.ofMillis(500), Duration.ofMinutes(5));

  static Place ofFolder(Path root) {
    return new Place(root.toString());
  }

  static Place of(WorkspaceSimulator workspace, S3Server s3) {
    workspace.tokens().addClient(CLIENT, SECRET);
    return new Place(workspace.url() + " " + s3.endpoint() + " " + workspace.externalLocation());
  }

  static Place parse(String text) {
    return new Place(text);
  }

  /** A backend that exports to it. */
  ExportBackend backend(Gate gate) {
    String[] parts = text.split(" ", -1);
    return parts.length == 1
        ? onFiles(Path.of(text), gate)
        : onWorkspace(parts[0], URI.create(parts[1]), parts[2]);
  }

  private static ExportBackend onFiles(Path root, Gate gate) {
    DeltaLakeConfig config = DeltaLakeConfig.builder().allowedRoots(List.of(root)).build();
    return BackendOnFiles.create(config, files -> new GatedFiles(files, gate));
  }

  private static ExportBackend onWorkspace(String workspace, URI endpoint, String staging) {
    S3Config s3 =
        S3Config.builder()
            .endpoint(endpoint)
            .addressing(S3Config.Addressing.PATH)
            .region(S3Server.REGION)
            .allowedRoots(List.of(staging))
            .build();
    WorkspaceConfig config =
        WorkspaceConfig.builder(workspace, s3)
            .warehouseId(WorkspaceSimulator.WAREHOUSE_ID)
            .merges(HASTY)
            .build();
    return DeltaLakeBackend.builder(DeltaLakeConfig.builder().build())
        .workspace(config, () -> ClientCredentials.of(CLIENT, SECRET))
        .build();
  }

  @Override
  public String toString() {
    return text;
  }
}
