// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.testing;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.Optional;

/** File access that breaks where a test wants it to. By default nothing breaks. */
public class FaultyFileIO implements FileIO {
  private final FileIO whole;

  /** Breaks this file access. */
  public FaultyFileIO(FileIO whole) {
    this.whole = whole;
  }

  /** Asked before bytes are written to a file that is {@code position} bytes long. */
  protected void beforeWrite(String path, long position) throws IOException {}

  /** Asked before a commit is put. */
  protected void beforeCommit(String path) throws IOException {}

  /** Asked while a commit is written, before it is there for others. */
  protected void duringCommit(String path) {}

  /** Asked after a commit was put: throwing loses the answer. */
  protected void afterCommit(String path) throws IOException {}

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    return whole.listFrom(filePath);
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    return whole.getFileStatus(path);
  }

  @Override
  public String resolvePath(String path) throws IOException {
    return whole.resolvePath(path);
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    return whole.mkdirs(path);
  }

  @Override
  public InputFile newInputFile(String path, long fileSize) {
    return whole.newInputFile(path, fileSize);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    OutputFile file = whole.newOutputFile(path);
    return new OutputFile() {
      @Override
      public String path() {
        return file.path();
      }

      @Override
      public PositionOutputStream create(boolean atomicWrite) throws IOException {
        return new FaultyStream(path, file.create(atomicWrite));
      }

      @Override
      public void writeAtomically(CloseableIterator<String> data, boolean overwrite)
          throws IOException {
        beforeCommit(path);
        file.writeAtomically(watched(path, data), overwrite);
        afterCommit(path);
      }
    };
  }

  @Override
  public boolean delete(String path) throws IOException {
    return whole.delete(path);
  }

  @Override
  public Optional<String> getConf(String confKey) {
    return whole.getConf(confKey);
  }

  @Override
  public void copyFileAtomically(String srcPath, String destPath, boolean overwrite)
      throws IOException {
    whole.copyFileAtomically(srcPath, destPath, overwrite);
  }

  private CloseableIterator<String> watched(String path, CloseableIterator<String> lines) {
    return lines.map(
        line -> {
          duringCommit(path);
          return line;
        });
  }

  private final class FaultyStream extends PositionOutputStream {
    private final String path;
    private final PositionOutputStream out;

    FaultyStream(String path, PositionOutputStream out) {
      this.path = path;
      this.out = out;
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public void write(int b) throws IOException {
      beforeWrite(path, out.getPos());
      out.write(b);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      beforeWrite(path, out.getPos());
      out.write(b, off, len);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
