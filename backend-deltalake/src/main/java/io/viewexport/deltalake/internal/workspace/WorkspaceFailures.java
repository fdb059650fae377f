// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.api.ExportException;

/** What every call to a workspace may fail by, whatever is called: that it does not answer. */
public final class WorkspaceFailures {
  private static final int NOT_FOUND = 404;

  private WorkspaceFailures() {}

  /** Whether it is nothing but trouble with the workspace, or the way there. */
  public static boolean isPassing(WorkspaceException e) {
    return e.status() == 0
        || Statuses.isPassing(e.status())
        || e.errorCode().equals(WorkspaceException.ANSWER_NOT_JSON);
  }

  /** Whether it is a 404 that none of the APIs gives: each of theirs has a code. */
  public static boolean isForeign(WorkspaceException e) {
    return e.status() == NOT_FOUND && e.errorCode().isEmpty() && e.reasons().isEmpty();
  }

  /** The failure for that. */
  public static ExportException foreign(WorkspaceException e, String doing) {
    return ExportException.retryable(
        "workspace-answer-not-understood",
        doing
            + ": what answered (HTTP 404) is not the workspace's API; check its URL, and proxies on"
            + " the way.",
        e);
  }

  /**
   * The failure for trouble with the workspace, for calls that may be made again.
   *
   * @param doing what failed, as the beginning of a sentence: {@code Table a.b.c not read}
   */
  public static ExportException passing(WorkspaceException e, String doing) {
    ExportException failure =
        ExportException.retryable("workspace-unavailable", doing + ": " + reason(e), e);
    return e.retryAfter().map(failure::withRetryAfter).orElse(failure);
  }

  private static String reason(WorkspaceException e) {
    return switch (e.errorCode()) {
      case WorkspaceException.CONNECT_FAILED ->
          "the workspace can't be reached; check its URL, the network and its certificate.";
      case WorkspaceException.TIMED_OUT -> "the workspace did not answer in time.";
      case WorkspaceException.ANSWER_LOST -> "the connection to the workspace broke.";
      case WorkspaceException.ANSWER_TOO_LARGE ->
          "the workspace answered more than is taken; check its URL.";
      case WorkspaceException.ANSWER_NOT_JSON ->
          "what answered is no workspace; check its URL, and proxies on the way.";
      case WorkspaceException.WORKSPACE_FAILING ->
          "the workspace has failed again and again, and is left alone for a while.";
      case WorkspaceException.TOO_MANY_CALLS ->
          "more calls are made than requestsPerSecond allows; raise it, or export less at a time.";
      case WorkspaceException.INTERRUPTED -> "interrupted.";
      default ->
          "the workspace is busy or down (HTTP "
              + e.status()
              + (e.errorCode().isEmpty() ? "" : " " + e.errorCode())
              + "); it is tried again later.";
    };
  }
}
