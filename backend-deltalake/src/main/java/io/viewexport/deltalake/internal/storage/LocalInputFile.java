// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A local file to read. */
final class LocalInputFile implements InputFile {
  private final Path file;
  private final long size;

  /** The size is 0 where it is not known. */
  LocalInputFile(Path file, long size) {
    this.file = file;
    this.size = size;
  }

  @Override
  public long length() throws IOException {
    if (size > 0) {
      return size;
    }
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      throw LocalFiles.notFound(file, e);
    }
  }

  @Override
  public String path() {
    return file.toString();
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    try {
      return new Stream(new RandomAccessFile(file.toFile(), "r"));
    } catch (FileNotFoundException e) {
      throw LocalFiles.precise(file, e);
    }
  }

  private static final class Stream extends SeekableInputStream {
    private final RandomAccessFile in;

    Stream(RandomAccessFile in) {
      this.in = in;
    }

    @Override
    public long getPos() throws IOException {
      return in.getFilePointer();
    }

    @Override
    public void seek(long newPos) throws IOException {
      in.seek(newPos);
    }

    @Override
    public void readFully(byte[] b, int off, int len) throws IOException {
      in.readFully(b, off, len);
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return in.read(b, off, len);
    }

    @Override
    public long skip(long n) throws IOException {
      long from = in.getFilePointer();
      long to = Math.min(in.length(), from + Math.max(0, n));
      in.seek(to);
      return to - from;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(Integer.MAX_VALUE, in.length() - in.getFilePointer());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
