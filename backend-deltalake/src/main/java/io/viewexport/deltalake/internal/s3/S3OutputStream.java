// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.s3.WrittenFiles.WrittenFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Sends an object part by part, or in one request where it is smaller than a part: at no time is
 * more than one part in memory.
 */
final class S3OutputStream extends PositionOutputStream {
  private static final int FIRST_BUFFER = 64 * 1024;
  private static final int TAIL_BYTES = 256 * 1024;
  private static final int MOST_PARTS = 10_000;

  private final S3Objects objects;
  private final S3Path path;
  private final boolean ifAbsent;
  private final StopSignal stop;
  private final WrittenFiles written;
  private final int partBytes;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer;
  private int buffered;

  /** The end of the part before. */
  private byte[] sentTail = new byte[0];

  private long position;
  private @Nullable String upload;
  private boolean failed;
  private boolean closed;

  S3OutputStream(
      S3Objects objects, S3Path path, boolean ifAbsent, StopSignal stop, WrittenFiles written) {
    this.objects = objects;
    this.path = path;
    this.ifAbsent = ifAbsent;
    this.stop = stop;
    this.written = written;
    this.partBytes = objects.access().config().partBytes();
    this.buffer = new byte[Math.min(FIRST_BUFFER, partBytes)];
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] b, int off, int len) throws IOException {
    int done = 0;
    while (done < len) {
      if (buffered == partBytes) {
        sendPart();
      }
      grow(len - done);
      int count = Math.min(len - done, buffer.length - buffered);
      System.arraycopy(b, off + done, buffer, buffered, count);
      buffered += count;
      done += count;
    }
    position += len;
  }

  private void grow(int more) {
    if (buffered + more > buffer.length && buffer.length < partBytes) {
      long wanted = Math.max(buffer.length * 2L, (long) buffered + more);
      buffer = Arrays.copyOf(buffer, (int) Math.min(partBytes, wanted));
    }
  }

  private void sendPart() throws IOException {
    try {
      stop.throwIfStopped();
      if (upload == null) {
        upload = objects.beginUpload(path);
      }
      if (parts.size() == MOST_PARTS) {
        throw new S3RequestException(
            S3Failures.Reason.TOO_LARGE, S3Call.WRITE, MOST_PARTS + " parts", null, null);
      }
      parts.add(objects.uploadPart(path, upload, parts.size() + 1, body()));
      sentTail = tail();
      buffered = 0;
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  /** Sent from the buffer as it is: it does not change before the answer is there. */
  private RequestBody body() {
    byte[] bytes = buffer;
    int length = buffered;
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
  }

  private byte[] tail() {
    int own = Math.min(buffered, TAIL_BYTES);
    int before = Math.min(sentTail.length, TAIL_BYTES - own);
    byte[] tail = new byte[before + own];
    System.arraycopy(sentTail, sentTail.length - before, tail, 0, before);
    System.arraycopy(buffer, buffered - own, tail, before, own);
    return tail;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!failed) {
        written.forget(path.toString());
        long time = finish();
        written.put(path.toString(), new WrittenFile(position, time, tail()));
        upload = null;
      }
    } finally {
      abandon();
      buffer = new byte[0];
    }
  }

  private long finish() throws IOException {
    if (upload != null) {
      sendPart();
      return ifAbsent ? completeIfAbsent(upload) : complete(upload);
    }
    stop.throwIfStopped();
    return ifAbsent
        ? S3OutputFile.putIfAbsent(objects, path, Arrays.copyOf(buffer, buffered), stop)
        : objects.put(path, body());
  }

  private long complete(String id) throws IOException {
    stop.throwIfStopped();
    return objects.completeUpload(path, id, parts);
  }

  /**
   * Where the answer is lost and the upload is gone, what is there is told by its size: nobody else
   * writes under this name but who writes the same.
   */
  private long completeIfAbsent(String id) throws IOException {
    try {
      return new ConditionalWrite(stop, objects.access().config().commitTimeout())
          .run(
              path,
              () -> objects.completeIfAbsent(path, id, parts),
              () -> Long.valueOf(position).equals(objects.head(path).contentLength()));
    } catch (SdkException e) {
      throw S3Failures.of(e, S3Call.WRITE, path);
    }
  }

  /** What can't be ended now is left to the clean-up. */
  private void abandon() {
    if (upload == null) {
      return;
    }
    try {
      objects.abortUpload(path, upload);
    } catch (IOException leftForCleanUp) {
      S3Storage.LOG.debug(
          "upload={} not ended: {}", path, leftForCleanUp.getClass().getSimpleName());
    }
  }
}
