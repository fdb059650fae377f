// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A local file to write. */
final class LocalOutputFile implements OutputFile {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path file;
  private final Placement placement;

  LocalOutputFile(Path file, Placement placement) {
    this.file = file;
    this.placement = placement;
  }

  @Override
  public String path() {
    return file.toString();
  }

  /**
   * Opens the file. With {@code atomicWrite} it appears when the stream is closed, unless a write
   * failed, and does not replace one that is there (Kernel writes checkpoints so).
   */
  @Override
  public PositionOutputStream create(boolean atomicWrite) throws IOException {
    Path written = atomicWrite ? placement.hiddenFor(file) : file;
    placement.check();
    return new Stream(LocalFiles.create(written), written, atomicWrite ? file : null);
  }

  @Override
  public void writeAtomically(CloseableIterator<String> data, boolean overwrite)
      throws IOException {
    try (data) {
      placement.make(file, overwrite, hidden -> writeLines(data, hidden));
    }
  }

  private static void writeLines(CloseableIterator<String> lines, Path hidden) throws IOException {
    try (FileOutputStream file = LocalFiles.create(hidden)) {
      OutputStream out = new BufferedOutputStream(file, BUFFER_BYTES);
      while (lines.hasNext()) {
        out.write(lines.next().getBytes(StandardCharsets.UTF_8));
        out.write('\n');
      }
      out.flush();
      file.getFD().sync();
    }
  }

  private final class Stream extends PositionOutputStream {
    private final FileOutputStream file;
    private final OutputStream out;
    private final Path written;
    private final @Nullable Path target;
    private long position;
    private boolean failed;
    private boolean closed;

    Stream(FileOutputStream file, Path written, @Nullable Path target) {
      this.file = file;
      this.out = new BufferedOutputStream(file, BUFFER_BYTES);
      this.written = written;
      this.target = target;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      try {
        out.write(b);
        position++;
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      try {
        out.write(b, off, len);
        position += len;
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try (file) {
        if (!failed) {
          out.flush();
          file.getFD().sync();
        }
      } catch (IOException e) {
        failed = true;
        throw e;
      } finally {
        finish();
      }
    }

    private void finish() throws IOException {
      if (target == null) {
        LocalFiles.syncDirectory(LocalFiles.parent(written));
        return;
      }
      try {
        if (!failed) {
          placement.place(written, target, false);
        }
      } finally {
        Files.deleteIfExists(written);
      }
    }
  }
}
