// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.s3;

import io.viewexport.api.StopSignal;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Copies within the store: no byte comes this way. */
final class S3Copy {
  /** The most that one request copies. */
  private static final long MOST_BYTES = 5L << 30;

  private static final long PART_BYTES = 512L << 20;

  private final S3Objects objects;
  private final StopSignal stop;
  private final long mostBytes;
  private final long partBytes;

  S3Copy(S3Objects objects, StopSignal stop) {
    this(objects, stop, MOST_BYTES, PART_BYTES);
  }

  /** With other limits than those of AWS: for tests. */
  S3Copy(S3Objects objects, StopSignal stop, long mostBytes, long partBytes) {
    this.objects = objects;
    this.stop = stop;
    this.mostBytes = mostBytes;
    this.partBytes = partBytes;
  }

  /**
   * Copies an object.
   *
   * @throws FileAlreadyExistsException where the target is there with other content and is not to
   *     be replaced
   */
  void copy(S3Path source, S3Path target, boolean replace) throws IOException {
    HeadObjectResponse head = objects.head(source);
    long size = Objects.requireNonNullElse(head.contentLength(), 0L);
    if (!replace && isThere(target, head)) {
      return;
    }
    stop.throwIfStopped();
    if (size > mostBytes) {
      copyParts(source, target, size);
      return;
    }
    try {
      objects.copy(source, target, replace);
    } catch (FileAlreadyExistsException e) {
      if (!isThere(target, head)) {
        throw e;
      }
    }
  }

  /** Whether the copy has been made; not every store checks that itself. */
  private boolean isThere(S3Path target, HeadObjectResponse source) throws IOException {
    HeadObjectResponse there;
    try {
      there = objects.head(target);
    } catch (FileNotFoundException none) {
      return false;
    }
    // Of a copy made in parts the tag differs: the parts are others.
    boolean same =
        Objects.equals(there.contentLength(), source.contentLength())
            && (Objects.equals(there.eTag(), source.eTag()) || isOfParts(there, source));
    if (!same) {
      throw new FileAlreadyExistsException(target.toString());
    }
    return true;
  }

  private static boolean isOfParts(HeadObjectResponse a, HeadObjectResponse b) {
    return (a.eTag() + b.eTag()).indexOf('-') >= 0;
  }

  private void copyParts(S3Path source, S3Path target, long size) throws IOException {
    String upload = objects.beginUpload(target);
    boolean done = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (long from = 0; from < size; from += partBytes) {
        stop.throwIfStopped();
        long last = Math.min(size, from + partBytes) - 1;
        String range = "bytes=" + from + "-" + last;
        parts.add(objects.copyPart(source, target, upload, parts.size() + 1, range));
      }
      stop.throwIfStopped();
      objects.completeUpload(target, upload, parts);
      done = true;
    } finally {
      if (!done) {
        objects.abortUpload(target, upload);
      }
    }
  }
}
