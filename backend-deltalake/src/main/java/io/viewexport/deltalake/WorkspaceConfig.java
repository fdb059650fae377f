// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A Databricks workspace that exports may use, and what they may do there. Holds no secrets: those
 * are handed over beside it.
 *
 * @param url such as {@code https://dbc-1234.cloud.databricks.com}; kept in its canonical form
 * @param workspaceId the number of the workspace
 * @param region its region, such as {@code us-east-1}
 * @param warehouseId the SQL warehouse of requests that name none
 * @param stagingRoots the {@code s3://bucket/prefix} strictly below which requests may name their
 *     staging, with no slash at the end; none: only exports that need no staging of their own there
 * @param allowedTargets the catalogs ({@code main}) and schemas ({@code main.fhir}) that requests
 *     may name tables of; empty: all that the credentials reach
 * @param limits how long calls may take
 */
public record WorkspaceConfig(
    URI url,
    Optional<String> workspaceId,
    Optional<String> region,
    Optional<String> warehouseId,
    List<String> stagingRoots,
    List<String> allowedTargets,
    WorkspaceLimits limits) {

  /** Checks the values and brings the URL to its canonical form. */
  public WorkspaceConfig {
    url = WorkspaceUrl.parse(url.toString()).toUri();
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(warehouseId, "warehouseId");
    stagingRoots = List.copyOf(stagingRoots);
    allowedTargets = List.copyOf(allowedTargets);
    Objects.requireNonNull(limits, "limits");
  }

  /**
   * Starts with the default limits.
   *
   * @param url such as {@code https://dbc-1234.cloud.databricks.com}
   */
  public static Builder builder(String url) {
    return new Builder(URI.create(url));
  }

  /** Collects settings. */
  public static final class Builder {
    private final URI url;
    private Optional<String> workspaceId = Optional.empty();
    private Optional<String> region = Optional.empty();
    private Optional<String> warehouseId = Optional.empty();
    private List<String> stagingRoots = List.of();
    private List<String> allowedTargets = List.of();
    private WorkspaceLimits limits = WorkspaceLimits.DEFAULT;

    private Builder(URI url) {
      this.url = url;
    }

    /** The number of the workspace. */
    public Builder workspaceId(String id) {
      workspaceId = Optional.of(id);
      return this;
    }

    /** The region of the workspace, such as {@code us-east-1}. */
    public Builder region(String name) {
      region = Optional.of(name);
      return this;
    }

    /** The SQL warehouse of requests that name none. */
    public Builder warehouseId(String id) {
      warehouseId = Optional.of(id);
      return this;
    }

    /** The {@code s3://bucket/prefix} strictly below which requests may name their staging. */
    public Builder stagingRoots(List<String> roots) {
      stagingRoots = List.copyOf(roots);
      return this;
    }

    /** The catalogs and schemas that requests may name tables of; all where none is named. */
    public Builder allowedTargets(List<String> catalogsAndSchemas) {
      allowedTargets = List.copyOf(catalogsAndSchemas);
      return this;
    }

    /** How long calls may take, and how many are made. */
    public Builder limits(WorkspaceLimits wanted) {
      limits = wanted;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on a value that can't be. */
    public WorkspaceConfig build() {
      return new WorkspaceConfig(
          url, workspaceId, region, warehouseId, stagingRoots, allowedTargets, limits);
    }
  }
}
