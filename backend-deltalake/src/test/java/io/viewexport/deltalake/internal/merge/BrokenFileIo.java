// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** File access that fails at a chosen call. */
final class BrokenFileIo implements FileIO {
  enum How {
    /** From the chosen call on, nothing works: as if the process had died. */
    DEAD,
    /** The chosen call has its effect and fails all the same. */
    ANSWER_LOST
  }

  private final FileIO io;
  private final How how;
  private final int failing;
  private final AtomicInteger calls;

  /** Counts its calls together with all others that are handed the counter. */
  BrokenFileIo(FileIO io, How how, int failing, AtomicInteger calls) {
    this.io = io;
    this.how = how;
    this.failing = failing;
    this.calls = calls;
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private <T> T call(Call<T> call) throws IOException {
    int number = calls.incrementAndGet();
    if (how == How.DEAD && number >= failing) {
      throw new IOException("dead");
    }
    T result = call.run();
    if (how == How.ANSWER_LOST && number == failing) {
      throw new IOException("answer lost");
    }
    return result;
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
    return call(() -> io.listFrom(path));
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    return call(() -> io.getFileStatus(path));
  }

  @Override
  public String resolvePath(String path) throws IOException {
    return io.resolvePath(path);
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    return call(() -> io.mkdirs(path));
  }

  @Override
  public InputFile newInputFile(String path, long size) {
    InputFile file = io.newInputFile(path, size);
    return new InputFile() {
      @Override
      public long length() throws IOException {
        return file.length();
      }

      @Override
      public String path() {
        return file.path();
      }

      @Override
      public SeekableInputStream newStream() throws IOException {
        return call(file::newStream);
      }
    };
  }

  @Override
  public OutputFile newOutputFile(String path) {
    OutputFile file = io.newOutputFile(path);
    return new OutputFile() {
      @Override
      public String path() {
        return file.path();
      }

      @Override
      public PositionOutputStream create(boolean putIfAbsent) throws IOException {
        return call(() -> file.create(putIfAbsent));
      }

      @Override
      public void writeAtomically(CloseableIterator<String> data, boolean overwrite)
          throws IOException {
        call(
            () -> {
              file.writeAtomically(data, overwrite);
              return true;
            });
      }
    };
  }

  @Override
  public boolean delete(String path) throws IOException {
    return call(() -> io.delete(path));
  }

  @Override
  public Optional<String> getConf(String key) {
    return io.getConf(key);
  }

  @Override
  public void copyFileAtomically(String source, String target, boolean overwrite)
      throws IOException {
    call(
        () -> {
          io.copyFileAtomically(source, target, overwrite);
          return true;
        });
  }
}
