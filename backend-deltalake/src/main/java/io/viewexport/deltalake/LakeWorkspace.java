// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.catalog.UnityCatalog;
import io.viewexport.deltalake.internal.s3.S3Access;
import io.viewexport.deltalake.internal.s3.S3Storage;
import io.viewexport.deltalake.internal.warehouse.SqlWarehouse;
import io.viewexport.deltalake.internal.workspace.WorkspaceApi;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** A workspace with its catalog, its warehouses, and the buckets that staging lies in. */
final class LakeWorkspace {
  /** Below the only root that is configured, where a request names no place. */
  private static final String USUAL_STAGING = "/viewexport-staging";

  private final WorkspaceConfig config;
  private final WorkspaceApi api;
  private final UnityCatalog catalog;
  private final S3Access access;
  private final Map<String, String> settings;
  private final S3Storage nobodys;

  /**
   * A workspace.
   *
   * @param access the way to the buckets; the caller's
   * @param settings what Delta Kernel is told when it asks for a setting
   */
  LakeWorkspace(
      WorkspaceConfig config,
      WorkspaceApi api,
      UnityCatalog catalog,
      S3Access access,
      Map<String, String> settings) {
    this.config = config;
    this.api = api;
    this.catalog = catalog;
    this.access = access;
    this.settings = Map.copyOf(settings);
    this.nobodys = storage(AnonymousCredentialsProvider.create());
  }

  WorkspaceConfig config() {
    return config;
  }

  UnityCatalog catalog() {
    return catalog;
  }

  SqlWarehouse warehouse(String id) {
    return new SqlWarehouse(api, id);
  }

  /** Staging as these credentials reach it. Needs not be closed. */
  S3Storage storage(AwsCredentialsProvider credentials) {
    return S3Storage.create(access, roots(), credentials, settings);
  }

  /**
   * The place that a request names for staging, in its one spelling.
   *
   * @throws io.viewexport.deltalake.internal.storage.PathNotAllowedException where it is none, or
   *     not below an allowed root
   */
  String resolveStaging(String userPath) {
    return nobodys.resolve(userPath);
  }

  /** The place for staging of requests that name none; empty where several roots are configured. */
  Optional<String> usualStaging() {
    return roots().size() == 1
        ? Optional.of(nobodys.resolve(roots().get(0) + USUAL_STAGING))
        : Optional.empty();
  }

  private List<String> roots() {
    return config.staging().allowedRoots();
  }
}
