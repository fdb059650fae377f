// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Databricks workspace that exports may use, and what they may do there. Holds no secrets: those
 * are handed over beside it.
 *
 * @param url such as {@code https://dbc-1234.cloud.databricks.com}; kept in its canonical form
 * @param workspaceId the number of the workspace
 * @param region its region, such as {@code us-east-1}
 * @param warehouseId the SQL warehouse of requests that name none
 * @param stagingRoots the {@code s3://bucket/prefix} strictly below which requests may name their
 *     staging, each with a key; kept without a slash at the end. At least one
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
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Pattern ROOT =
      Pattern.compile("s3a?://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((/[^/\\\\?#\\s]+)*)/*");
  private static final Pattern TARGET = Pattern.compile("[^./\\s]{1,255}(\\.[^./\\s]{1,255})?");

  /** Checks the values and brings the URL to its canonical form. */
  public WorkspaceConfig {
    url = WorkspaceUrl.parse(url.toString()).toUri();
    workspaceId.ifPresent(id -> check(ID, id, "workspaceId"));
    region.ifPresent(name -> check(ID, name, "region"));
    warehouseId.ifPresent(id -> check(ID, id, "warehouseId"));
    if (stagingRoots.isEmpty()) {
      throw new IllegalArgumentException("at least one staging root must be allowed");
    }
    stagingRoots = stagingRoots.stream().map(WorkspaceConfig::root).toList();
    allowedTargets.forEach(target -> check(TARGET, target, "allowedTargets"));
    allowedTargets =
        allowedTargets.stream().map(target -> target.toLowerCase(Locale.ROOT)).toList();
    Objects.requireNonNull(limits, "limits");
  }

  private static void check(Pattern form, String value, String name) {
    if (!form.matcher(value).matches()) {
      throw new IllegalArgumentException(name + " can't be \"" + value + "\"");
    }
  }

  /** With scheme {@code s3}, without a slash at the end. */
  private static String root(String text) {
    Matcher matcher = ROOT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a staging root is s3://bucket/prefix, not \"" + text + "\"");
    }
    String prefix = Objects.requireNonNullElse(matcher.group(2), "");
    List<String> keys = List.of(prefix.split("/", -1));
    if (keys.contains(".") || keys.contains("..")) {
      throw new IllegalArgumentException("a staging root has no . or ..: \"" + text + "\"");
    }
    return "s3://" + matcher.group(1) + prefix;
  }

  /** Whether requests may name tables of this schema. */
  public boolean allowsTarget(String catalog, String schema) {
    String wanted = (catalog + "." + schema).toLowerCase(Locale.ROOT);
    return allowedTargets.isEmpty()
        || allowedTargets.stream()
            .anyMatch(allowed -> wanted.equals(allowed) || wanted.startsWith(allowed + "."));
  }

  /**
   * Starts with the default limits.
   *
   * @param url such as {@code https://dbc-1234.cloud.databricks.com}
   * @throws IllegalArgumentException where it is no URL of a workspace
   */
  public static Builder builder(String url) {
    return new Builder(WorkspaceUrl.parse(url).toUri());
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

    /**
     * The {@code s3://bucket/prefix} strictly below which requests may name their staging;
     * demanded.
     */
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
