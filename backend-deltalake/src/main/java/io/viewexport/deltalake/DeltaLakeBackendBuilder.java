// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.catalog.UnityCatalog;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.s3.S3Storage;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.internal.storage.PathNotAllowedException;
import io.viewexport.deltalake.internal.storage.RoutedStorage;
import io.viewexport.deltalake.internal.workspace.HttpWorkspace;
import io.viewexport.deltalake.internal.workspace.Pause;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Collects where tables may be, and with which credentials. For use by one thread. */
public final class DeltaLakeBackendBuilder {
  private final DeltaLakeConfig config;
  private final Map<String, String> settings;
  private final List<LakeWorkspace> workspaces = new ArrayList<>();
  private final List<Runnable> onClose = new ArrayList<>();
  private Optional<S3Storage> buckets = Optional.empty();
  private Pause pause = Pause.real();

  DeltaLakeBackendBuilder(DeltaLakeConfig config) {
    this.config = config;
    this.settings = Map.of("parquet.compression", config.compression().name());
  }

  /**
   * Tables in S3, too, by mode {@code external-direct}.
   *
   * @param credentials asked with each request, so that they may be renewed; the backend doesn't
   *     close them
   * @throws IllegalArgumentException where no root is allowed, or one is no URL of S3
   */
  public DeltaLakeBackendBuilder s3(S3Config s3, AwsCredentialsProvider credentials) {
    return s3(s3, S3Access.create(s3), credentials);
  }

  /** As the other, over connections of the caller's: for tests that break them. */
  DeltaLakeBackendBuilder s3(S3Config s3, S3Access access, AwsCredentialsProvider credentials) {
    onClose.add(access::close);
    buckets = Optional.of(checked(() -> storage(s3, access, credentials)));
    return this;
  }

  private S3Storage storage(S3Config s3, S3Access access, AwsCredentialsProvider credentials) {
    return S3Storage.create(access, s3.allowedRoots(), credentials, settings);
  }

  private static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (PathNotAllowedException e) {
      throw new IllegalArgumentException("allowedRoots of S3: " + e.message(), e);
    }
  }

  /**
   * Tables of a Databricks workspace, by the modes {@code managed-sql} and {@code managed-zerobus},
   * which is the default then. May be called for several workspaces.
   *
   * @param credentials asked for at each new token, by whatever thread needs one; sent to the
   *     workspace's token endpoint alone
   * @throws IllegalArgumentException where a root for staging is no URL of S3
   */
  public DeltaLakeBackendBuilder workspace(
      WorkspaceConfig workspace, Supplier<ClientCredentials> credentials) {
    WorkspaceUrl url = WorkspaceUrl.parse(workspace.url().toString());
    WorkspaceApi api = HttpWorkspace.create(url, workspace.limits(), credentials, pause);
    return workspace(workspace, api, S3Access.create(workspace.staging()));
  }

  /** As the other, over connections of the caller's: for tests that break them. */
  DeltaLakeBackendBuilder workspace(WorkspaceConfig workspace, WorkspaceApi api, S3Access access) {
    onClose.add(access::close);
    workspaces.add(
        checked(
            () ->
                new LakeWorkspace(workspace, api, new UnityCatalog(api, pause), access, settings)));
    return this;
  }

  /** Waits by this; to be called first: for tests that step time. */
  DeltaLakeBackendBuilder pause(Pause wanted) {
    pause = wanted;
    return this;
  }

  /**
   * The backend; whoever builds it closes it.
   *
   * @throws IllegalArgumentException where nothing is allowed anywhere, or a workspace is there
   *     twice
   */
  public DeltaLakeBackend build() {
    if (buckets.isEmpty() && config.allowedRoots().isEmpty() && workspaces.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one root must be allowed, or a workspace configured");
    }
    LakeStorage local = LocalStorage.create(config.allowedRoots(), settings);
    LakeStorage all =
        buckets
            .<LakeStorage>map(s3 -> new RoutedStorage(local, s3, S3Storage::isUrl))
            .orElse(local);
    return new DeltaLakeBackend(config, all, new LakeWorkspaces(workspaces), pause, onClose);
  }
}
