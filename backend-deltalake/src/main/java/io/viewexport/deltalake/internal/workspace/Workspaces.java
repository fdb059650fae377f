// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.deltalake.ClientCredentials;
import io.viewexport.deltalake.WorkspaceConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The workspaces that a host allows: no other is ever called, so a request can't have a secret sent
 * to a server of its own.
 */
public final class Workspaces {

  /**
   * A workspace, and the way to call it.
   *
   * @param config what exports may do there
   * @param api calls it
   */
  public record Workspace(WorkspaceConfig config, WorkspaceApi api) {

    /** Checks that none is null. */
    public Workspace {
      Objects.requireNonNull(config, "config");
      Objects.requireNonNull(api, "api");
    }

    /** Over HTTP, as a service principal. */
    public static Workspace of(
        WorkspaceConfig config, Supplier<ClientCredentials> credentials, Pause pause) {
      WorkspaceUrl url = WorkspaceUrl.parse(config.url().toString());
      return new Workspace(config, HttpWorkspace.create(url, config.limits(), credentials, pause));
    }
  }

  private final Map<WorkspaceUrl, Workspace> byUrl;

  private Workspaces(Map<WorkspaceUrl, Workspace> byUrl) {
    this.byUrl = byUrl;
  }

  /**
   * These and no others.
   *
   * @throws IllegalArgumentException where two have the same URL
   */
  public static Workspaces of(List<Workspace> workspaces) {
    Map<WorkspaceUrl, Workspace> byUrl = new LinkedHashMap<>();
    for (Workspace workspace : workspaces) {
      WorkspaceUrl url = WorkspaceUrl.parse(workspace.config().url().toString());
      if (byUrl.putIfAbsent(url, workspace) != null) {
        throw new IllegalArgumentException("the workspace " + url + " is configured twice");
      }
    }
    return new Workspaces(byUrl);
  }

  /**
   * The workspace that a request names, however it spells the URL. Empty where it is no URL of a
   * workspace, or not one of these: problem {@code workspace-not-allowed}.
   */
  public Optional<Workspace> find(String url) {
    try {
      return Optional.ofNullable(byUrl.get(WorkspaceUrl.parse(url)));
    } catch (IllegalArgumentException notOfWorkspace) {
      return Optional.empty();
    }
  }

  /** The workspace of requests that name none: the only one, where there is only one. */
  public Optional<Workspace> single() {
    return byUrl.size() == 1 ? byUrl.values().stream().findFirst() : Optional.empty();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return byUrl.isEmpty();
  }
}
