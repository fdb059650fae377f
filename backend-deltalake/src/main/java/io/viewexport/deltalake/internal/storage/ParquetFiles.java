// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import java.io.IOException;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.SeekableInputStream;

/** Parquet's view of the files that Delta Kernel's file access gives. */
public final class ParquetFiles {
  private ParquetFiles() {}

  /**
   * A file to read.
   *
   * @param size in bytes
   */
  public static InputFile input(FileIO io, String path, long size) {
    return new Input(io.newInputFile(path, size));
  }

  /** A file to write, which is made when it is opened. */
  public static OutputFile output(FileIO io, String path) {
    return new Output(io.newOutputFile(path));
  }

  private record Input(io.delta.kernel.defaults.engine.fileio.InputFile file) implements InputFile {

    @Override
    public long getLength() throws IOException {
      return file.length();
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
      var stream = file.newStream();
      return new DelegatingSeekableInputStream(stream) {
        @Override
        public long getPos() throws IOException {
          return stream.getPos();
        }

        @Override
        public void seek(long position) throws IOException {
          stream.seek(position);
        }
      };
    }
  }

  private record Output(io.delta.kernel.defaults.engine.fileio.OutputFile file)
      implements OutputFile {

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
      var stream = file.create(false);
      return new DelegatingPositionOutputStream(stream) {
        @Override
        public long getPos() throws IOException {
          return stream.getPos();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }

    @Override
    public String getPath() {
      return file.path();
    }
  }
}
