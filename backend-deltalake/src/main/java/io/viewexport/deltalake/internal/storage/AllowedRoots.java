// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The folders that a host allows to write below. */
final class AllowedRoots {
  private final List<Path> roots;

  AllowedRoots(List<Path> roots) {
    this.roots = List.copyOf(roots);
  }

  /**
   * The one path of a place, whatever way it is written: absolute, no links in the part that
   * exists.
   *
   * @throws PathNotAllowedException where it is no absolute path or not strictly below a root
   */
  Path resolve(String userPath) {
    return checked(canonical(parse(userPath)));
  }

  /**
   * A path of the library's own making, checked again just before it is used: something on the way
   * may have become a link.
   */
  Path below(String path) {
    Path plain = Path.of(path).toAbsolutePath().normalize();
    Path parent = plain.getParent();
    Path canonical = parent == null ? plain : canonical(parent).resolve(LocalFiles.name(plain));
    return checked(canonical);
  }

  private Path checked(Path canonical) {
    for (Path root : roots) {
      Path allowed = canonical(root.toAbsolutePath().normalize());
      if (canonical.startsWith(allowed) && !canonical.equals(allowed)) {
        return canonical;
      }
    }
    throw new PathNotAllowedException(
        "path-not-allowed",
        "The path "
            + canonical
            + " is not below a folder that this server allows exports to; choose one that is.");
  }

  private static Path parse(String userPath) {
    try {
      if (userPath.isBlank() || userPath.indexOf('\0') >= 0) {
        throw new PathNotAllowedException("invalid-path", "A path must not be empty.");
      }
      if (userPath.regionMatches(true, 0, "file:", 0, "file:".length())) {
        return ofUrl(userPath);
      }
      if (userPath.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")) {
        throw new PathNotAllowedException(
            "path-not-allowed",
            "The path " + userPath + " is no local one; use a folder or a file: URL.");
      }
      Path path = Path.of(userPath);
      if (!path.isAbsolute()) {
        // Not resolved: that would tell a caller which folder the server was started in.
        throw new PathNotAllowedException(
            "invalid-path", "A path must be absolute: \"" + userPath + "\".");
      }
      return path.normalize();
    } catch (InvalidPathException e) {
      throw new PathNotAllowedException("invalid-path", "\"" + userPath + "\" is no path.");
    }
  }

  private static Path ofUrl(String url) {
    try {
      URI uri = new URI(url);
      String host = uri.getAuthority();
      boolean local = host == null || host.isEmpty() || host.equals("localhost");
      if (uri.getPath() != null && local && uri.getQuery() == null && uri.getFragment() == null) {
        return Path.of(uri.getPath()).toAbsolutePath().normalize();
      }
    } catch (URISyntaxException e) {
      throw invalidUrl(url);
    }
    throw invalidUrl(url);
  }

  private static PathNotAllowedException invalidUrl(String url) {
    return new PathNotAllowedException(
        "invalid-path", "\"" + url + "\" is no file URL; write it as file:/folder/table.");
  }

  /** The real path of the part that exists, and the rest as it is. */
  private static Path canonical(Path path) {
    try {
      return path.toRealPath();
    } catch (AccessDeniedException e) {
      throw new PathNotAllowedException(
          "path-not-allowed", "Access to the path " + path + " is denied.");
    } catch (IOException missing) {
      Path parent = path.getParent();
      if (parent == null || Files.isSymbolicLink(path)) {
        throw new PathNotAllowedException(
            "path-not-allowed", "The path " + path + " leads nowhere; choose another.");
      }
      return canonical(parent).resolve(LocalFiles.name(path));
    }
  }
}
