// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Delta Kernel's file access on local folders, by {@code java.nio} alone: Hadoop's local file
 * system does not run on JDK 24 and later, and its put-if-absent is not atomic between processes.
 */
final class LocalFileIO implements FileIO {
  private static final Comparator<FileStatus> BY_NAME =
      Comparator.comparing(FileStatus::getPath, LocalFileIO::compareUtf8);

  private final Map<String, String> settings;
  private final Placement placement;

  /** With the settings that Kernel asks for by {@link #getConf}. */
  LocalFileIO(Map<String, String> settings, Placement placement) {
    this.settings = Map.copyOf(settings);
    this.placement = placement;
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    Path from = LocalFiles.path(filePath);
    Path directory = LocalFiles.parent(from);
    String first = LocalFiles.name(from);
    List<FileStatus> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        String name = LocalFiles.name(child);
        if (!Placement.isHidden(name) && compareUtf8(name, first) >= 0) {
          statusOfFile(child).ifPresent(found::add);
        }
      }
    } catch (NoSuchFileException e) {
      throw LocalFiles.notFound(directory, e);
    }
    found.sort(BY_NAME);
    return Utils.toCloseableIterator(found.iterator());
  }

  /** Empty for a directory, and for a file that went away while it was listed. */
  private static Optional<FileStatus> statusOfFile(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isDirectory() ? Optional.empty() : Optional.of(status(file, attributes));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  private static FileStatus status(Path file, BasicFileAttributes attributes) {
    return FileStatus.of(
        file.toString(), attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private static int compareUtf8(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    Path file = LocalFiles.path(path);
    try {
      return status(file, Files.readAttributes(file, BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      throw LocalFiles.notFound(file, e);
    }
  }

  @Override
  public String resolvePath(String path) {
    return LocalFiles.path(path).toAbsolutePath().normalize().toString();
  }

  /** An attempt makes none above: a directory that a clean-up removed must not come back. */
  @Override
  public boolean mkdirs(String path) throws IOException {
    Path directory = LocalFiles.path(path);
    placement.check();
    if (placement.isBound()) {
      LocalFiles.createDirectory(directory);
    } else {
      LocalFiles.createDirectories(directory);
    }
    return true;
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    return new LocalInputFile(LocalFiles.path(path), fileSize);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new LocalOutputFile(LocalFiles.path(path), placement);
  }

  @Override
  public boolean delete(String path) throws IOException {
    Path file = LocalFiles.path(path);
    if (Files.isDirectory(file)) {
      throw new IOException("a directory, not a file: " + file);
    }
    return Files.deleteIfExists(file);
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return Optional.ofNullable(settings.get(confKey));
  }

  /** By a second name where it can: files of tables never change. */
  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    Path source = LocalFiles.path(srcPath);
    Path target = LocalFiles.path(destPath);
    if (!Files.exists(source)) {
      throw new FileNotFoundException(source.toString());
    }
    if (overwrite || !isLinked(source, target)) {
      placement.make(target, overwrite, hidden -> LocalFiles.copy(source, hidden));
    }
  }

  private boolean isLinked(Path source, Path target) throws IOException {
    try {
      placement.link(source, target);
      return true;
    } catch (NoHardLinksException copied) {
      return false;
    }
  }
}
