// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import io.viewexport.api.ExportException;

/**
 * Turns what the token endpoint of a workspace answers into failures in the library's own words.
 */
final class TokenFailures {
  private TokenFailures() {}

  /** The failure for a request for a token; it never had an effect that matters. */
  static ExportException of(WorkspaceException e, WorkspaceUrl url) {
    if (e.errorCode().equals(WorkspaceException.REDIRECTED)) {
      return notAWorkspace(e, url);
    }
    if (WorkspaceFailures.isPassing(e)) {
      return WorkspaceFailures.passing(e, "No token from " + url);
    }
    return switch (e.errorCode()) {
      case "temporarily_unavailable", "server_error" ->
          WorkspaceFailures.passing(e, "No token from " + url);
      case "invalid_client" ->
          ExportException.permanent(
              "authentication-refused",
              "The workspace "
                  + url
                  + " refused the client id or its secret; check the credentials that this server"
                  + " is configured with, and whether the secret has ended.",
              e);
      case "unauthorized_client", "access_denied" ->
          ExportException.permanent(
              "authentication-refused",
              "The workspace "
                  + url
                  + " knows the service principal and does not let it in; add it to the workspace.",
              e);
      case "invalid_request", "invalid_scope", "invalid_grant", "unsupported_grant_type" ->
          ExportException.permanent(
              "authentication-refused",
              "The workspace "
                  + url
                  + " does not serve OAuth machine-to-machine tokens for all-apis ("
                  + e.errorCode()
                  + "); enable OAuth for its service principals.",
              e);
      default -> byStatus(e, url);
    };
  }

  private static ExportException byStatus(WorkspaceException e, WorkspaceUrl url) {
    return switch (e.status()) {
      case 404, 405 -> notAWorkspace(e, url);
      default ->
          ExportException.permanent(
              "authentication-refused",
              "The workspace "
                  + url
                  + " refused to give a token (HTTP "
                  + e.status()
                  + "); check the credentials that this server is configured with.",
              e);
    };
  }

  private static ExportException notAWorkspace(WorkspaceException e, WorkspaceUrl url) {
    return ExportException.permanent(
        "not-a-workspace",
        url + " gives no tokens (HTTP " + e.status() + "); check that it is a workspace's URL.",
        e);
  }

  /** The host's supplier failed. */
  static ExportException noCredentials(RuntimeException e, WorkspaceUrl url) {
    return ExportException.retryable(
        "credentials-not-available",
        "The credentials for "
            + url
            + " could not be had ("
            + e.getClass().getSimpleName()
            + "); check where this server takes them from.",
        null);
  }

  /** The answer holds no token. */
  static ExportException notAToken(WorkspaceUrl url) {
    return ExportException.retryable(
        "authentication-failed",
        "The workspace " + url + " answered without a token; check that it is a workspace's URL.",
        null);
  }
}
