// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The folders that a host allows to write in and below. */
final class AllowedRoots {
  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

  private final List<Path> roots;

  AllowedRoots(List<Path> roots) {
    this.roots = roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
  }

  /** The real path of what a request says; what is relative is meant below the first root. */
  Path resolve(String asked) throws IOException {
    Path path = parse(asked);
    if (roots.stream().noneMatch(path::startsWith)) {
      // Before any look at the disk: nobody learns what lies outside.
      throw refused(path);
    }
    return allowed(real(path));
  }

  /**
   * The real path of one of our own making, looked at again right before it is used: something on
   * the way may have become a link. The last part is not followed if it is one.
   */
  Path checked(Path path) throws IOException {
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null || roots.contains(path)) {
      return allowed(real(path));
    }
    return allowed(real(parent).resolve(name));
  }

  private Path allowed(Path real) throws IOException {
    for (Path root : roots) {
      if (real.startsWith(real(root))) {
        return real;
      }
    }
    throw refused(real);
  }

  private Path parse(String asked) throws IOException {
    if (URL.matcher(asked).matches()) {
      throw new PathRefusedException(
          "invalid-path", "The path " + asked + " is a URL; give a folder of this server.");
    }
    try {
      return roots.get(0).resolve(asked).normalize();
    } catch (InvalidPathException e) {
      throw new PathRefusedException(
          "invalid-path", "The text given as a path is none; give a folder of this server.");
    }
  }

  private static PathRefusedException refused(Path path) {
    return new PathRefusedException(
        "path-not-allowed",
        "The path "
            + path
            + " is not in a folder that this server allows exports to; choose one that is.");
  }

  /** The real path of the part that is there, and the rest as it is. */
  private static Path real(Path path) throws IOException {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException missing) {
      Path parent = path.getParent();
      Path name = path.getFileName();
      // Others may make the folder meanwhile; a link that leads nowhere is none.
      if (parent == null || name == null || Files.isSymbolicLink(path)) {
        throw refused(path);
      }
      return real(parent).resolve(name);
    }
  }
}
