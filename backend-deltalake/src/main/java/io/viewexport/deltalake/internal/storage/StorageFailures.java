// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.viewexport.api.ExportException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what a file system or another store answers into failures in the library's own words. */
public final class StorageFailures {
  /** A file system with less than this left counts as full when a write failed. */
  private static final long FULL_BELOW_BYTES = 64 * 1024;

  private static final int MAX_NAME_BYTES = 255;
  private static final int MAX_PATH_BYTES = 4095;

  private StorageFailures() {}

  /**
   * The failure for an exception of a file operation.
   *
   * @param doing what failed, as the beginning of a sentence: {@code Chunk 3 of job x not staged}
   * @param path what it failed on
   */
  public static RuntimeException of(IOException e, String doing, String path) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException answer) {
        return answer.failure(doing, path);
      }
    }
    return ofFileSystem(e, doing, path);
  }

  static ExportException ofFileSystem(IOException e, String doing, String path) {
    return switch (reason(e, path)) {
      case DISK_FULL ->
          ExportException.retryable(
              "disk-full",
              doing + ": no space is left for " + path + "; free space there or raise the quota.",
              e);
      case ACCESS_DENIED ->
          ExportException.permanent(
              "access-denied",
              doing + ": access to " + path + " is denied; grant this process reading and writing.",
              e);
      case NOT_A_DIRECTORY ->
          ExportException.permanent(
              "path-not-a-directory",
              doing + ": a part of " + path + " is a file, not a directory; choose another path.",
              e);
      case READ_ONLY ->
          ExportException.permanent(
              "read-only",
              doing + ": " + path + " is on a read-only file system; choose another path.",
              e);
      case NAME_TOO_LONG ->
          ExportException.permanent(
              "path-too-long", doing + ": the path " + path + " is too long; choose another.", e);
      case NO_HARD_LINKS ->
          ExportException.permanent(
              "no-hard-links",
              doing
                  + ": the file system of "
                  + path
                  + " has no hard links, without which a Delta commit is not safe there;"
                  + " choose another file system.",
              e);
      case EXISTS ->
          ExportException.permanent(
              "file-exists", doing + ": " + path + " exists already, with other content.", e);
      case MISSING ->
          ExportException.retryable(
              "file-missing",
              doing + ": " + path + ", or a file in it, is not there; was it deleted by others?",
              e);
      case INTERRUPTED ->
          ExportException.retryable("interrupted", doing + ": interrupted at " + path + ".", e);
      case CUT_OFF ->
          ExportException.retryable(
              "file-damaged", doing + ": a file of " + path + " ends too early; restore it.", e);
      case OTHER ->
          ExportException.retryable(
              "storage-failed",
              doing
                  + ": the file system failed ("
                  + e.getClass().getSimpleName()
                  + ") on "
                  + path
                  + "; check the disk or mount.",
              e);
    };
  }

  /** What can be told apart. */
  enum Reason {
    DISK_FULL,
    ACCESS_DENIED,
    NOT_A_DIRECTORY,
    READ_ONLY,
    NAME_TOO_LONG,
    NO_HARD_LINKS,
    EXISTS,
    MISSING,
    INTERRUPTED,
    CUT_OFF,
    OTHER
  }

  /**
   * Of the exception, or of the first of its causes that tells: Parquet wraps what streams throw.
   */
  static Reason reason(IOException e, String path) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        Reason found = ofClass(io, path);
        if (found != Reason.OTHER) {
          return found;
        }
      }
    }
    return ofState(path).orElse(Reason.OTHER);
  }

  private static Reason ofClass(IOException e, String path) {
    if (e instanceof NoHardLinksException) {
      return Reason.NO_HARD_LINKS;
    }
    if (e instanceof AccessDeniedException) {
      return Reason.ACCESS_DENIED;
    }
    if (e instanceof FileAlreadyExistsException) {
      return Reason.EXISTS;
    }
    if (e instanceof NotDirectoryException) {
      return Reason.NOT_A_DIRECTORY;
    }
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      return Reason.INTERRUPTED;
    }
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return belowFile(path) ? Reason.NOT_A_DIRECTORY : Reason.MISSING;
    }
    if (e instanceof EOFException) {
      return Reason.CUT_OFF;
    }
    return ofText(e).orElse(Reason.OTHER);
  }

  /**
   * The JDK has no exception classes for most errno values; it hands on the C library's text, as
   * the reason of a {@code FileSystemException} or as the whole message of a failed write. In
   * another locale than English the texts differ: then the state of the path tells.
   */
  private static Optional<Reason> ofText(IOException e) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    if (text == null) {
      return Optional.empty();
    }
    return switch (text) {
      case "No space left on device", "Disk quota exceeded" -> Optional.of(Reason.DISK_FULL);
      case "Read-only file system" -> Optional.of(Reason.READ_ONLY);
      case "Not a directory" -> Optional.of(Reason.NOT_A_DIRECTORY);
      case "File name too long" -> Optional.of(Reason.NAME_TOO_LONG);
      default -> Optional.empty();
    };
  }

  private static Optional<Reason> ofState(String path) {
    if (tooLong(path)) {
      return Optional.of(Reason.NAME_TOO_LONG);
    }
    if (belowFile(path)) {
      return Optional.of(Reason.NOT_A_DIRECTORY);
    }
    Path existing = existingPart(path);
    if (existing == null) {
      return Optional.empty();
    }
    try {
      FileStore store = Files.getFileStore(existing);
      if (store.isReadOnly()) {
        return Optional.of(Reason.READ_ONLY);
      }
      return store.getUsableSpace() < FULL_BELOW_BYTES
          ? Optional.of(Reason.DISK_FULL)
          : Optional.empty();
    } catch (IOException | ReadOnlyFileSystemException unknown) {
      return Optional.empty();
    }
  }

  private static boolean tooLong(String path) {
    if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
      return true;
    }
    for (String name : path.split("/", -1)) {
      if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
        return true;
      }
    }
    return false;
  }

  private static boolean belowFile(String path) {
    Path existing = existingPart(path);
    return existing != null && !existing.toString().equals(path) && !Files.isDirectory(existing);
  }

  private static @Nullable Path existingPart(String path) {
    try {
      Path part = Path.of(path);
      while (part != null && !Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
        part = part.getParent();
      }
      return part;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
