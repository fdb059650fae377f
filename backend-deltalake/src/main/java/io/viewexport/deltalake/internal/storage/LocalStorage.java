// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.viewexport.api.ExportException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.jspecify.annotations.Nullable;

/** Local folders, and whatever is mounted there. */
public final class LocalStorage implements LakeStorage {
  /** How often a directory is made again that others remove while it is empty. */
  private static final int MOST_TRIES = 10;

  private final AllowedRoots roots;
  private final Function<Placement, FileIO> access;
  private final FileIO fileIo;
  private final Engine engine;

  private LocalStorage(
      AllowedRoots roots, Function<Placement, FileIO> access, Placement placement) {
    this.roots = roots;
    this.access = access;
    this.fileIo = access.apply(placement);
    this.engine = DefaultEngine.create(fileIo);
  }

  /**
   * A storage of everything strictly below these folders.
   *
   * @param settings what Delta Kernel is told when it asks for a setting, such as {@code
   *     parquet.compression}
   */
  public static LocalStorage create(List<Path> allowedRoots, Map<String, String> settings) {
    return create(allowedRoots, settings, UnaryOperator.identity());
  }

  /**
   * As {@link #create(List, Map)}, with all file access wrapped, that of each attempt apart: for
   * tests that break it.
   */
  public static LocalStorage create(
      List<Path> allowedRoots, Map<String, String> settings, UnaryOperator<FileIO> wrapping) {
    return new LocalStorage(
        new AllowedRoots(allowedRoots),
        placement -> wrapping.apply(new LocalFileIO(settings, placement)),
        Placement.unbound());
  }

  @Override
  public LakeStorage usedBy(Attempt attempt) {
    return new LocalStorage(roots, access, Placement.of(attempt));
  }

  /** What was not linked by now has no hidden file to be linked any more. */
  @Override
  public Fence fence(String table, String work, int before) {
    for (String directory : List.of(table + "/_delta_log", table)) {
      for (String name : names(directory)) {
        OptionalInt attempt = Placement.attemptOf(name, work);
        if (attempt.isPresent() && attempt.getAsInt() < before) {
          deleteFile(directory + "/" + name);
        }
      }
    }
    return Fence.CLOSED;
  }

  @Override
  public String resolve(String userPath) {
    return roots.resolve(userPath).toString();
  }

  @Override
  public String location(String path) {
    String url = Path.of(path).toUri().toString().replaceFirst("^file:///", "file:/");
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  @Override
  public FileIO fileIo() {
    return fileIo;
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public OutputFile parquetOutput(String path) {
    return ParquetFiles.output(fileIo, path);
  }

  @Override
  public InputFile parquetInput(String path, long size) {
    return ParquetFiles.input(fileIo, path, size);
  }

  @Override
  public void linkOrCopy(String source, String target) {
    run(
        "File not put in place",
        target,
        () -> fileIo.copyFileAtomically(source, roots.below(target).toString(), false));
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public List<String> above(String path) {
    List<String> above = new ArrayList<>();
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      above.add(path.substring(0, end));
    }
    return above;
  }

  @Override
  public List<String> absentAbove(String directory, String top) {
    List<String> absent = new ArrayList<>();
    String above = directory;
    while (above.length() > top.length()) {
      above = above.substring(0, above.lastIndexOf('/'));
      if (!exists(above)) {
        absent.add(above);
      }
    }
    return absent;
  }

  @Override
  public void createDirectories(String directory) {
    run("Directory not made", directory, () -> makeDirectories(roots.below(directory)));
  }

  private void makeDirectories(Path directory) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        for (Path missing : LocalFiles.missing(directory)) {
          fileIo.mkdirs(missing.toString());
        }
        return;
      } catch (NoSuchFileException removed) {
        if (tries == MOST_TRIES) {
          throw removed;
        }
      }
    }
  }

  @Override
  public List<StoredFile> listFiles(String directory, String namePrefix) {
    List<StoredFile> found = new ArrayList<>();
    run("Directory not listed", directory, () -> list(Path.of(directory), namePrefix, found));
    return found;
  }

  private static void list(Path directory, String namePrefix, List<StoredFile> found)
      throws IOException {
    DirectoryStream.Filter<Path> filter = file -> LocalFiles.name(file).startsWith(namePrefix);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, filter)) {
      for (Path file : files) {
        stored(file).ifPresent(found::add);
      }
    } catch (NoSuchFileException none) {
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Empty for what is no file, or went away while it was listed. */
  private static Optional<StoredFile> stored(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      long modifiedAt = attributes.lastModifiedTime().toMillis();
      return attributes.isRegularFile()
          ? Optional.of(new StoredFile(file.toString(), attributes.size(), modifiedAt))
          : Optional.empty();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> names(String directory) {
    List<String> found = new ArrayList<>();
    run(
        "Directory not listed",
        directory,
        () -> {
          try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
            entries.forEach(entry -> found.add(LocalFiles.name(entry)));
          } catch (NoSuchFileException none) {
            return;
          } catch (DirectoryIteratorException e) {
            throw e.getCause();
          }
        });
    return found;
  }

  @Override
  public void deleteFile(String path) {
    run("File not deleted", path, () -> fileIo.delete(roots.below(path).toString()));
  }

  @Override
  public void deleteTree(String directory) {
    run(
        "Directory not deleted",
        directory,
        () -> {
          Path top = roots.below(directory);
          if (Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(top, new Deleting());
          }
        });
  }

  @Override
  public void deleteIfEmpty(String directory) {
    run(
        "Directory not deleted",
        directory,
        () -> {
          try {
            Files.deleteIfExists(roots.below(directory));
          } catch (DirectoryNotEmptyException inUse) {
            return;
          }
        });
  }

  /** A file operation without a result. */
  private interface Operation {
    void run() throws IOException;
  }

  private static void run(String doing, String path, Operation operation) {
    try {
      operation.run();
    } catch (IOException e) {
      throw StorageFailures.of(e, doing, path);
    } catch (PathNotAllowedException e) {
      throw ExportException.permanent(e.code(), doing + ": " + e.message(), e);
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
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
