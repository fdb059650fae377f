// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/** What local files can do atomically and durably. */
final class LocalFiles {
  private LocalFiles() {}

  /** The path that Kernel means: it may carry the scheme, and is not percent-encoded. */
  static Path path(String text) {
    if (!text.startsWith("file:")) {
      return Path.of(text);
    }
    String rest = text.substring("file:".length());
    int slashes = 0;
    while (slashes < rest.length() && rest.charAt(slashes) == '/') {
      slashes++;
    }
    return Path.of("/" + rest.substring(slashes));
  }

  static Path parent(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "no directory above");
  }

  static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  /** Kernel takes only this class for a file that is not there. */
  static FileNotFoundException notFound(Path file, Throwable cause) {
    FileNotFoundException e = new FileNotFoundException(file.toString());
    e.initCause(cause);
    return e;
  }

  /**
   * What a stream's {@code FileNotFoundException} really means: it is also thrown for denied access
   * and for directories, which must not pass for a missing file.
   */
  static IOException precise(Path file, FileNotFoundException e) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
      return new AccessDeniedException(file.toString());
    } catch (NoSuchFileException missing) {
      return e;
    } catch (IOException other) {
      return other;
    }
  }

  /**
   * Gives a file a second name, failing where that name is taken.
   *
   * @throws NoHardLinksException where the file system has none
   */
  static void link(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (UnsupportedOperationException e) {
      throw new NoHardLinksException(target.toString(), e);
    } catch (FileSystemException e) {
      throw isWithoutLinks(e) ? new NoHardLinksException(target.toString(), e) : e;
    }
  }

  /** The errno values EPERM, ENOTSUP, ENOSYS have no exception class, only the C library's text. */
  private static boolean isWithoutLinks(FileSystemException e) {
    return e.getClass() == FileSystemException.class
        && switch (Objects.requireNonNullElse(e.getReason(), "")) {
          case "Operation not permitted", "Operation not supported", "Function not implemented" ->
              true;
          default -> false;
        };
  }

  /** Copies to a file that must not be there; on disk when this returns. */
  static void copy(Path source, Path target) throws IOException {
    try (FileOutputStream out = create(target)) {
      Files.copy(source, out);
      out.getFD().sync();
    }
  }

  /** Opens a file for writing from its beginning. Unlike a channel, an interrupt won't close it. */
  static FileOutputStream create(Path file) throws IOException {
    try {
      return new FileOutputStream(file.toFile());
    } catch (FileNotFoundException e) {
      throw precise(file, e);
    }
  }

  /**
   * A directory and those above it, as far as they are not there; the topmost first.
   *
   * @throws NotDirectoryException where a file is in the way
   */
  static Deque<Path> missing(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path part = directory.toAbsolutePath();
    while (part != null && !Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      missing.push(part);
      part = part.getParent();
    }
    if (part != null && !Files.isDirectory(part)) {
      throw new NotDirectoryException(part.toString());
    }
    return missing;
  }

  /** Makes a directory and all above it, on disk when this returns. */
  static void createDirectories(Path directory) throws IOException {
    for (Path part : missing(directory)) {
      createDirectory(part);
    }
  }

  /** Makes a directory, on disk when this returns; another may have made it meanwhile. */
  static void createDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw new NotDirectoryException(directory.toString());
      }
    }
    syncDirectory(parent(directory));
  }

  /** Brings a directory's entries to disk, where the system can do so. */
  static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException unreadable) {
      // A directory that may be written but not read can't be opened; its entries are written back
      // by the system in its own time.
      return;
    }
  }
}
