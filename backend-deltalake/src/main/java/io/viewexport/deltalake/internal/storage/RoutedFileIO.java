// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import java.util.function.Predicate;

/** Two file accesses in one: the scheme of a path tells which is meant. */
final class RoutedFileIO implements FileIO {
  private static final int BUFFER_BYTES = 1024 * 1024;

  private final FileIO local;
  private final FileIO remote;
  private final Predicate<String> isRemote;

  RoutedFileIO(FileIO local, FileIO remote, Predicate<String> isRemote) {
    this.local = local;
    this.remote = remote;
    this.isRemote = isRemote;
  }

  private FileIO of(String path) {
    return isRemote.test(path) ? remote : local;
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    return of(filePath).listFrom(filePath);
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    return of(path).getFileStatus(path);
  }

  @Override
  public String resolvePath(String path) throws IOException {
    return of(path).resolvePath(path);
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    return of(path).mkdirs(path);
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    return of(path).newInputFile(path, fileSize);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return of(path).newOutputFile(path);
  }

  @Override
  public boolean delete(String path) throws IOException {
    return of(path).delete(path);
  }

  /** Both have the same. */
  @Override
  public Optional<String> getConf(String confKey) {
    return local.getConf(confKey);
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    if (isRemote.test(srcPath) == isRemote.test(destPath)) {
      of(destPath).copyFileAtomically(srcPath, destPath, overwrite);
      return;
    }
    try (var in = of(srcPath).newInputFile(srcPath, 0).newStream();
        var out = of(destPath).newOutputFile(destPath).create(!overwrite)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer, 0, buffer.length);
          count >= 0;
          count = in.read(buffer, 0, buffer.length)) {
        out.write(buffer, 0, count);
      }
    } catch (FileAlreadyExistsException e) {
      if (of(srcPath).getFileStatus(srcPath).getSize()
          != of(destPath).getFileStatus(destPath).getSize()) {
        throw e;
      }
    }
  }
}
