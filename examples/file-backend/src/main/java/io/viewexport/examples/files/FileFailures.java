// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.ExportException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Turns what a file system answers into failures in words of our own. */
final class FileFailures {
  private FileFailures() {}

  /**
   * The failure for an exception of a file operation.
   *
   * @param doing what failed, as the beginning of a sentence: {@code Chunk 3 of job x not written}
   */
  static ExportException of(IOException e, String doing) {
    if (e instanceof PathRefusedException refused) {
      return ExportException.permanent(refused.code(), doing + ": " + refused.message(), e);
    }
    if (e instanceof AccessDeniedException denied) {
      return ExportException.permanent(
          "access-denied",
          doing
              + ": access to "
              + denied.getFile()
              + " is denied; grant this server reading and writing there.",
          e);
    }
    if (e instanceof NoSuchFileException missing) {
      return ExportException.retryable(
          "file-missing",
          doing + ": " + missing.getFile() + " is not there; was it deleted by others?",
          e);
    }
    if (e instanceof FileAlreadyExistsException there) {
      return ExportException.permanent(
          "file-exists", doing + ": " + there.getFile() + " is there already; move it away.", e);
    }
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      return ExportException.retryable("interrupted", doing + ": interrupted.", e);
    }
    return ExportException.retryable(
        "storage-failed",
        doing
            + ": the file system failed ("
            + e.getClass().getSimpleName()
            + "); check the disk, its free space and its mount.",
        e);
  }
}
