// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.viewexport.api.StopSignal;
import io.viewexport.deltalake.internal.s3.WrittenFiles.WrittenFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import software.amazon.awssdk.core.sync.RequestBody;

/** An object to write. */
final class S3OutputFile implements OutputFile {
  private final S3Objects objects;
  private final S3Path path;
  private final StopSignal stop;
  private final WrittenFiles written;

  S3OutputFile(S3Objects objects, S3Path path, StopSignal stop, WrittenFiles written) {
    this.objects = objects;
    this.path = path;
    this.stop = stop;
    this.written = written;
  }

  @Override
  public String path() {
    return path.toString();
  }

  /**
   * Opens the object, which appears when the stream is closed, unless a write failed. With {@code
   * atomicWrite} it does not replace one that is there.
   */
  @Override
  public PositionOutputStream create(boolean atomicWrite) {
    stop.throwIfStopped();
    return new S3OutputStream(objects, path, atomicWrite, stop, written);
  }

  /** In one request, from memory: Delta Kernel has the actions there anyway. */
  @Override
  public void writeAtomically(CloseableIterator<String> data, boolean overwrite)
      throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (data) {
      while (data.hasNext()) {
        lines.writeBytes(data.next().getBytes(StandardCharsets.UTF_8));
        lines.write('\n');
      }
    }
    byte[] bytes = lines.toByteArray();
    written.forget(path.toString());
    stop.throwIfStopped();
    long time =
        overwrite
            ? objects.put(path, RequestBody.fromBytes(bytes))
            : putIfAbsent(objects, path, bytes, stop);
    written.put(path.toString(), new WrittenFile(bytes.length, time, bytes));
  }

  /**
   * Writes a small object that must not be there.
   *
   * <p>Key: its bytes. Where the very same ones are there already, an answer was lost.
   */
  static long putIfAbsent(S3Objects objects, S3Path path, byte[] bytes, StopSignal stop)
      throws IOException {
    RequestBody body = RequestBody.fromBytes(bytes);
    return new ConditionalWrite(stop, objects.access().config().commitTimeout())
        .run(
            path,
            () ->
                S3Objects.time(
                    objects
                        .singleTry()
                        .putObject(
                            request ->
                                request
                                    .bucket(path.bucket())
                                    .key(path.key())
                                    .ifNoneMatch("*")
                                    .overrideConfiguration(objects::sending),
                            body)
                        .sdkHttpResponse()),
            () -> Arrays.equals(bytes, objects.readWhole(path)));
  }
}
