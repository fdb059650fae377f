// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.merge.CheckStatement;
import io.viewexport.deltalake.internal.warehouse.WarehouseSettings;
import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Databricks workspace that exports may use, and what they may do there. Holds no secrets: those
 * are handed over beside it.
 *
 * @param url such as {@code https://dbc-1234.cloud.databricks.com}; kept in its canonical form
 * @param workspaceId the number of the workspace
 * @param region its region, such as {@code us-east-1}
 * @param warehouseId the SQL warehouse of requests that name none
 * @param staging the buckets that staging lies in; requests may name places strictly below its
 *     allowed roots, of which there is at least one
 * @param allowedTargets the catalogs ({@code main}) and schemas ({@code main.fhir}) that requests
 *     may name tables of; empty: all that the credentials reach
 * @param missingIsDeleted what becomes of an export to a table without the column {@code
 *     is_deleted}
 * @param keySamples whether a failure may name keys
 * @param limits how long calls may take
 * @param merges how long merges may take
 */
public record WorkspaceConfig(
    URI url,
    Optional<String> workspaceId,
    Optional<String> region,
    Optional<String> warehouseId,
    S3Config staging,
    List<String> allowedTargets,
    MissingIsDeleted missingIsDeleted,
    KeySamples keySamples,
    WorkspaceLimits limits,
    MergeLimits merges) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Pattern TARGET = Pattern.compile("[^./\\s]{1,255}(\\.[^./\\s]{1,255})?");

  /** Whether a failure for NULL or repeated keys may name some: keys are row values. */
  public enum KeySamples {
    /** It says how many there are. */
    NONE,
    /** It names at most five as well: in the job's failure, and in logs. */
    FEW
  }

  /** What becomes of an export to a table that lacks the column {@code is_deleted}. */
  public enum MissingIsDeleted {
    /** The column is added. */
    ADD,
    /** The export fails before anything is read, and says what to run. */
    FAIL
  }

  /** Checks the values and brings the URL to its canonical form. */
  public WorkspaceConfig {
    url = WorkspaceUrl.parse(url.toString()).toUri();
    workspaceId.ifPresent(id -> check(ID, id, "workspaceId"));
    region.ifPresent(name -> check(ID, name, "region"));
    warehouseId.ifPresent(id -> check(ID, id, "warehouseId"));
    Objects.requireNonNull(staging, "staging");
    if (staging.allowedRoots().isEmpty()) {
      throw new IllegalArgumentException("at least one staging root must be allowed");
    }
    allowedTargets.forEach(target -> check(TARGET, target, "allowedTargets"));
    allowedTargets =
        allowedTargets.stream().map(target -> target.toLowerCase(Locale.ROOT)).toList();
    Objects.requireNonNull(missingIsDeleted, "missingIsDeleted");
    Objects.requireNonNull(keySamples, "keySamples");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(merges, "merges");
  }

  private static void check(Pattern form, String value, String name) {
    if (!form.matcher(value).matches()) {
      throw new IllegalArgumentException(name + " can't be \"" + value + "\"");
    }
  }

  /** Whether requests may name tables of this schema. */
  public boolean allowsTarget(String catalog, String schema) {
    String wanted = (catalog + "." + schema).toLowerCase(Locale.ROOT);
    return allowedTargets.isEmpty()
        || allowedTargets.stream()
            .anyMatch(allowed -> wanted.equals(allowed) || wanted.startsWith(allowed + "."));
  }

  /** How a merge in a warehouse of this workspace waits, and what its failures say. */
  WarehouseSettings warehouseSettings() {
    CheckStatement.Sampling sampling =
        switch (keySamples) {
          case NONE -> CheckStatement.Sampling.NONE;
          case FEW -> CheckStatement.Sampling.FEW_KEYS;
        };
    return new WarehouseSettings(
        merges.startWithin(),
        merges.historyDelay(),
        limits.warehouseStart(),
        merges.statementTimeout(),
        WarehouseSettings.DEFAULT.maxConflicts(),
        sampling);
  }

  /**
   * Starts with the default limits, a missing {@code is_deleted} added, and no keys in failures.
   *
   * @param url such as {@code https://dbc-1234.cloud.databricks.com}
   * @param staging the buckets that staging lies in
   * @throws IllegalArgumentException where it is no URL of a workspace
   */
  public static Builder builder(String url, S3Config staging) {
    return new Builder(WorkspaceUrl.parse(url).toUri(), staging);
  }

  /** Collects settings. */
  public static final class Builder {
    private final URI url;
    private Optional<String> workspaceId = Optional.empty();
    private Optional<String> region = Optional.empty();
    private Optional<String> warehouseId = Optional.empty();
    private final S3Config staging;
    private List<String> allowedTargets = List.of();
    private MissingIsDeleted missingIsDeleted = MissingIsDeleted.ADD;
    private KeySamples keySamples = KeySamples.NONE;
    private WorkspaceLimits limits = WorkspaceLimits.DEFAULT;
    private MergeLimits merges = MergeLimits.DEFAULT;

    private Builder(URI url, S3Config staging) {
      this.url = url;
      this.staging = staging;
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

    /** The catalogs and schemas that requests may name tables of; all where none is named. */
    public Builder allowedTargets(List<String> catalogsAndSchemas) {
      allowedTargets = List.copyOf(catalogsAndSchemas);
      return this;
    }

    /** What becomes of an export to a table without the column {@code is_deleted}. */
    public Builder missingIsDeleted(MissingIsDeleted wanted) {
      missingIsDeleted = wanted;
      return this;
    }

    /** Whether a failure may name keys. */
    public Builder keySamples(KeySamples wanted) {
      keySamples = wanted;
      return this;
    }

    /** How long calls may take, and how many are made. */
    public Builder limits(WorkspaceLimits wanted) {
      limits = wanted;
      return this;
    }

    /** How long merges may take. */
    public Builder merges(MergeLimits wanted) {
      merges = wanted;
      return this;
    }

    /** The settings; throws {@link IllegalArgumentException} on a value that can't be. */
    public WorkspaceConfig build() {
      return new WorkspaceConfig(
          url,
          workspaceId,
          region,
          warehouseId,
          staging,
          allowedTargets,
          missingIsDeleted,
          keySamples,
          limits,
          merges);
    }
  }
}
