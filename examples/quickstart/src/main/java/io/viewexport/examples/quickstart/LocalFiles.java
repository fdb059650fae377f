// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Local files for reading: enough for Delta Kernel to read a table, and without Hadoop. Files are
 * named by plain paths, as Kernel compares names of log files by their text.
 */
final class LocalFiles implements FileIO {

  private static Path path(String text) {
    return text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text);
  }

  private static FileStatus status(Path file) throws IOException {
    return FileStatus.of(
        file.toString(), Files.size(file), Files.getLastModifiedTime(file).toMillis());
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    Path from = path(filePath);
    List<FileStatus> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(from.toAbsolutePath().getParent())) {
      List<Path> later =
          files
              .filter(file -> file.getFileName().toString().compareTo(name(from)) >= 0)
              .sorted()
              .toList();
      for (Path file : later) {
        found.add(status(file));
      }
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(filePath);
    }
    return Utils.toCloseableIterator(found.iterator());
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    return status(path(path));
  }

  @Override
  public String resolvePath(String path) {
    return path(path).toString();
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    return new LocalInput(path(path));
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return Optional.empty();
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    throw readOnly();
  }

  @Override
  public OutputFile newOutputFile(String path) {
    throw new IllegalStateException("these files are only read");
  }

  @Override
  public boolean delete(String path) throws IOException {
    throw readOnly();
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    throw readOnly();
  }

  private static IOException readOnly() {
    return new IOException("these files are only read");
  }

  private record LocalInput(Path file) implements InputFile {
    @Override
    public long length() throws IOException {
      return Files.size(file);
    }

    @Override
    public String path() {
      return file.toString();
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
      return new LocalStream(new RandomAccessFile(file.toFile(), "r"));
    }
  }

  private static final class LocalStream extends SeekableInputStream {
    private final RandomAccessFile file;

    LocalStream(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public long getPos() throws IOException {
      return file.getFilePointer();
    }

    @Override
    public void seek(long newPos) throws IOException {
      file.seek(newPos);
    }

    @Override
    public void readFully(byte[] b, int off, int len) throws IOException {
      try {
        file.readFully(b, off, len);
      } catch (EOFException e) {
        throw new EOFException("the file ends before " + len + " bytes");
      }
    }

    @Override
    public int read() throws IOException {
      return file.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return file.read(b, off, len);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
