// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Folders of this server, or of a file system that all servers of a cluster have mounted.
 *
 * <p>A folder is published by renaming it: a file system does that at once, and never onto a folder
 * in which something is.
 */
final class LocalFileStorage implements FileStorage {
  private static final int MOST_TRIES = 10;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final AllowedRoots roots;
  private final Survival survival;

  /** What files that were closed survive. */
  enum Survival {
    /** The process's end. */
    PROCESS,
    /** A failure of the power, too. */
    POWER_FAILURE
  }

  LocalFileStorage(List<Path> allowedRoots, Survival survival) {
    this.roots = new AllowedRoots(allowedRoots);
    this.survival = survival;
  }

  @Override
  public String resolve(String asked) throws IOException {
    return roots.resolve(asked).toString();
  }

  @Override
  public URI location(String path) {
    return Path.of(path).toUri();
  }

  @Override
  public boolean exists(String path) throws IOException {
    return Files.exists(checked(path), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void createFolder(String folder) throws IOException {
    Path path = checked(folder);
    try {
      Files.createDirectory(path);
      syncFolder(path.getParent());
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  /** Again where another job's clean-up removed a folder of the way that was empty. */
  @Override
  public void createFolders(String folder) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        for (Path missing : missing(checked(folder))) {
          createFolder(missing.toString());
        }
        return;
      } catch (NoSuchFileException removed) {
        if (tries == MOST_TRIES) {
          throw removed;
        }
      }
    }
  }

  /** What is not there of a folder and those above it, from the top. */
  private static Deque<Path> missing(Path folder) {
    Deque<Path> missing = new ArrayDeque<>();
    Path path = folder;
    while (path != null && !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      missing.addFirst(path);
      path = path.getParent();
    }
    return missing;
  }

  @Override
  public OutputStream create(String file) throws IOException {
    Path path = checked(file);
    Files.createFile(path);
    return new DurableFile(new FileOutputStream(path.toFile()), path);
  }

  @Override
  public InputStream open(String file) throws IOException {
    return Files.newInputStream(checked(file), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public long size(String file) throws IOException {
    return Files.size(checked(file));
  }

  @Override
  public void linkOrCopy(String file, String second) throws IOException {
    Path source = checked(file);
    Path copy = checked(second);
    try {
      Files.createLink(copy, source);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException noLinksHere) {
      copy(source, copy);
    }
  }

  private void copy(Path source, Path copy) throws IOException {
    Files.copy(source, copy);
    if (survival == Survival.POWER_FAILURE) {
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  @Override
  public boolean publish(String folder, String target) throws IOException {
    Path from = checked(folder);
    Path to = checked(target);
    syncFolder(from);
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      throw e;
    }
    syncFolder(to.getParent());
    return true;
  }

  @Override
  public void deleteTree(String folder) throws IOException {
    Path path = checked(folder);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(path, new Deleting());
    }
  }

  @Override
  public void deleteIfEmpty(String folder) throws IOException {
    try {
      Files.deleteIfExists(checked(folder));
    } catch (DirectoryNotEmptyException inUse) {
      return;
    }
  }

  private Path checked(String path) throws IOException {
    return roots.checked(Path.of(path));
  }

  /** Makes the names in a folder survive a power failure, on systems that can. */
  private void syncFolder(@Nullable Path folder) throws IOException {
    if (survival == Survival.PROCESS
        || folder == null
        || !folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A file whose bytes are on the disk once it is closed. */
  private final class DurableFile extends FilterOutputStream {
    private final FileOutputStream file;
    private final Path path;
    private boolean closed;

    DurableFile(FileOutputStream file, Path path) {
      super(new BufferedOutputStream(file, BUFFER_BYTES));
      this.file = file;
      this.path = path;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (file) {
        out.flush();
        if (survival == Survival.POWER_FAILURE) {
          file.getFD().sync();
        }
      }
      syncFolder(path.getParent());
    }
  }

  /** Deletes from the leaves up; what another clean-up deleted first is no failure. */
  private static final class Deleting extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
