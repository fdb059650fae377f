// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.workspace;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a workspace in the one form that two are compared by: lower case, no port where it is
 * the scheme's own, nothing after it.
 *
 * @param scheme {@code https}, or {@code http} for this very machine
 * @param host letters, digits, hyphens and dots, or {@code [::1]}
 * @param port -1 for the scheme's own
 */
public record WorkspaceUrl(String scheme, String host, int port) {
  private static final Pattern HOST =
      Pattern.compile(
          "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*|\\[::1\\]");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1\\]");
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final int MAX_PORT = 65_535;

  /**
   * Reads a URL; a missing scheme is taken as {@code https}, one slash at the end is let pass.
   *
   * @throws IllegalArgumentException where it is none of a workspace
   */
  public static WorkspaceUrl parse(String text) {
    String stripped = text.strip();
    URI uri = uri(stripped.contains("://") ? stripped : "https://" + stripped);
    String scheme = lower(uri.getScheme());
    String host = lower(uri.getHost());
    boolean plain =
        uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && (uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getRawPath().equals("/"));
    if (!plain || !HOST.matcher(host).matches()) {
      throw notOfWorkspace();
    }
    boolean https = scheme.equals("https");
    if (!https && !(scheme.equals("http") && LOOPBACK.matcher(host).matches())) {
      throw notOfWorkspace();
    }
    int port = uri.getPort() == (https ? HTTPS_PORT : HTTP_PORT) ? -1 : uri.getPort();
    if (port == 0 || port > MAX_PORT) {
      throw notOfWorkspace();
    }
    return new WorkspaceUrl(scheme, host, port);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw notOfWorkspace();
    }
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  /** Without the text: it may hold a password. */
  private static IllegalArgumentException notOfWorkspace() {
    return new IllegalArgumentException(
        "a workspace URL is https://HOST, with neither user nor path nor query");
  }

  /**
   * The URI of a path on this workspace.
   *
   * @param path encoded, with one slash at its start
   */
  URI resolve(String path) {
    URI uri = URI.create(this + path);
    if (!path.startsWith("/") || !host.equalsIgnoreCase(uri.getHost())) {
      throw new IllegalArgumentException("a path starts with a slash: " + path);
    }
    return uri;
  }

  /** As a URI, without a slash at the end. */
  public URI toUri() {
    return URI.create(toString());
  }

  /** {@code https://dbc-1234.cloud.databricks.com}. */
  @Override
  public String toString() {
    return scheme + "://" + host + (port < 0 ? "" : ":" + port);
  }
}
