// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.internal.workspace.WorkspaceUrl;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The workspaces that a host allows: no other is ever called, so a request can't have a secret sent
 * to a server of its own.
 */
final class LakeWorkspaces {
  private final Map<WorkspaceUrl, LakeWorkspace> byUrl = new LinkedHashMap<>();

  /**
   * These and no others.
   *
   * @throws IllegalArgumentException where two have the same URL
   */
  LakeWorkspaces(List<LakeWorkspace> workspaces) {
    for (LakeWorkspace workspace : workspaces) {
      WorkspaceUrl url = WorkspaceUrl.parse(workspace.config().url().toString());
      if (byUrl.putIfAbsent(url, workspace) != null) {
        throw new IllegalArgumentException("the workspace " + url + " is configured twice");
      }
    }
  }

  /**
   * The workspace that a request names, however it spells the URL; empty where it is no URL of a
   * workspace, or not one of these.
   */
  Optional<LakeWorkspace> find(String url) {
    try {
      return Optional.ofNullable(byUrl.get(WorkspaceUrl.parse(url)));
    } catch (IllegalArgumentException notOfWorkspace) {
      return Optional.empty();
    }
  }

  /** The workspace of requests that name none: the only one, where there is only one. */
  Optional<LakeWorkspace> single() {
    return byUrl.size() == 1 ? byUrl.values().stream().findFirst() : Optional.empty();
  }

  /** Whether there is none. */
  boolean isEmpty() {
    return byUrl.isEmpty();
  }
}
