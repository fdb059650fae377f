// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** An object to read, piece by piece: never more than is asked for and a little ahead. */
final class S3InputFile implements InputFile {
  private static final int FIRST_PIECE = 64 * 1024;
  private static final int LARGEST_PIECE = 4 * 1024 * 1024;

  private final S3Objects objects;
  private final S3Path path;
  private final WrittenFiles.@Nullable WrittenFile written;
  private long size;

  /** The size is 0 where it is not known. */
  S3InputFile(
      S3Objects objects, S3Path path, long size, WrittenFiles.@Nullable WrittenFile written) {
    this.objects = objects;
    this.path = path;
    this.size = size;
    this.written = written;
  }

  @Override
  public long length() throws IOException {
    if (size <= 0) {
      size = Objects.requireNonNullElse(objects.head(path).contentLength(), 0L);
    }
    return size;
  }

  @Override
  public String path() {
    return path.toString();
  }

  /** Where the size is not known, the first piece tells it, and whether there is such an object. */
  @Override
  public SeekableInputStream newStream() throws IOException {
    Stream stream = new Stream();
    if (size <= 0) {
      stream.open();
    }
    return stream;
  }

  private final class Stream extends SeekableInputStream {
    private byte[] piece = new byte[0];
    private long pieceStart;
    private long position;
    private int nextPiece = FIRST_PIECE;

    /** By a whole read: the store refuses a range of an empty object. */
    void open() throws IOException {
      long length = length();
      if (length > 0) {
        load((int) Math.min(length, nextPiece));
      }
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long newPosition) {
      position = newPosition;
    }

    private boolean isLoaded() {
      return position >= pieceStart && position < pieceStart + piece.length;
    }

    private void load(int bytes) throws IOException {
      nextPiece =
          position == pieceStart + piece.length
              ? Math.min(LARGEST_PIECE, nextPiece * 2)
              : FIRST_PIECE;
      piece = range(position, position + bytes);
      pieceStart = position;
    }

    private byte[] range(long from, long to) throws IOException {
      if (written != null && from >= written.tailStart()) {
        return written.range(from, to);
      }
      ResponseBytes<GetObjectResponse> answer = objects.read(path, from, to);
      byte[] bytes = answer.asByteArrayUnsafe();
      if (bytes.length != to - from) {
        throw new EOFException(path.toString());
      }
      return bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      long left = length() - position;
      if (len == 0) {
        return 0;
      }
      if (left <= 0) {
        return -1;
      }
      if (!isLoaded()) {
        load((int) Math.min(left, Math.max(nextPiece, Math.min(len, LARGEST_PIECE))));
      }
      int start = (int) (position - pieceStart);
      int count = Math.min(len, piece.length - start);
      System.arraycopy(piece, start, b, off, count);
      position += count;
      return count;
    }

    @Override
    public void readFully(byte[] b, int off, int len) throws IOException {
      int done = 0;
      while (done < len) {
        int count = read(b, off + done, len - done);
        if (count < 0) {
          throw new EOFException(path.toString());
        }
        done += count;
      }
    }

    @Override
    public long skip(long n) throws IOException {
      long to = Math.min(length(), position + Math.max(0, n));
      long skipped = to - position;
      position = to;
      return skipped;
    }

    @Override
    public int available() {
      return isLoaded() ? (int) (pieceStart + piece.length - position) : 0;
    }
  }
}
