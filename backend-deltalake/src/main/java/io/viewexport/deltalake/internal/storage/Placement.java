// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import io.viewexport.api.ExportStoppedException;
import io.viewexport.api.StopReason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes files appear at once and whole: each is prepared under a hidden name, then put in its
 * place.
 *
 * <p>For an attempt the hidden name tells whose it is, and the stop signal is asked between the
 * two. So a later attempt that deletes the hidden files of an earlier one has fenced it: what was
 * not put in place by then never will be, and what is prepared afterwards meets a signal that was
 * given.
 */
final class Placement {
  private static final String START = ".viewexport-";
  private static final String END = ".tmp";

  private final String prefix;
  private final @Nullable Attempt attempt;

  private Placement(String prefix, @Nullable Attempt attempt) {
    this.prefix = prefix;
    this.attempt = attempt;
  }

  /** For whoever may go on whatever happens. */
  static Placement unbound() {
    return new Placement(START, null);
  }

  /** For one attempt. */
  static Placement of(Attempt attempt) {
    return new Placement(prefix(attempt.work()) + attempt.number() + ".", attempt);
  }

  private static String prefix(String work) {
    return START + work + ".a";
  }

  /** Whether a file is one that is being prepared, by anybody. */
  static boolean isHidden(String name) {
    return name.startsWith(".") && name.endsWith(END);
  }

  /** The number of the attempt at this work that prepares the file; empty for all other files. */
  static OptionalInt attemptOf(String name, String work) {
    String prefix = prefix(work);
    int end = name.startsWith(prefix) ? name.indexOf('.', prefix.length()) : -1;
    if (end < 0 || !name.endsWith(END)) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(name.substring(prefix.length(), end)));
    } catch (NumberFormatException ofAnotherMaking) {
      return OptionalInt.empty();
    }
  }

  /** Whether it is for one attempt alone. */
  boolean isBound() {
    return attempt != null;
  }

  /**
   * Returns while files may be made.
   *
   * @throws ExportStoppedException once the attempt must end
   */
  void check() {
    if (attempt != null) {
      attempt.stop().throwIfStopped();
    }
  }

  /** A hidden name that no file ever had, in the directory of the target. */
  Path hiddenFor(Path target) {
    return LocalFiles.parent(target).resolve(prefix + UUID.randomUUID() + END);
  }

  /** Fills a file that is not visible yet. */
  @FunctionalInterface
  interface Content {
    /** Writes the file at this path and leaves it on disk. */
    void writeTo(Path hidden) throws IOException;
  }

  /**
   * Makes a file appear, on disk when this returns.
   *
   * <p>Key of a write that does not replace: its bytes. Where the target is there already with the
   * very same ones, an answer was lost and the write has happened.
   *
   * @throws FileAlreadyExistsException where it is there with other bytes and is not to be replaced
   * @throws ExportStoppedException where the attempt must end, or was fenced
   */
  void make(Path target, boolean replace, Content content) throws IOException {
    check();
    Path hidden = hiddenFor(target);
    try {
      content.writeTo(hidden);
      place(hidden, target, replace);
    } finally {
      Files.deleteIfExists(hidden);
    }
  }

  /** As {@link #make}, of a finished hidden file; the caller deletes what is left of it. */
  void place(Path hidden, Path target, boolean replace) throws IOException {
    check();
    try {
      if (replace) {
        Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        linkUnlessThere(hidden, target);
      }
    } catch (NoSuchFileException e) {
      if (isFenced(hidden)) {
        throw new ExportStoppedException(StopReason.LEASE_LOST);
      }
      throw e;
    }
    LocalFiles.syncDirectory(LocalFiles.parent(target));
  }

  /** Nobody but a later attempt, or the job's clean-up, deletes the hidden files of an attempt. */
  private boolean isFenced(Path hidden) {
    return isBound() && Files.notExists(hidden);
  }

  /**
   * Gives a file a second name.
   *
   * @throws NoHardLinksException where the file system has none
   */
  void link(Path file, Path target) throws IOException {
    check();
    linkUnlessThere(file, target);
    LocalFiles.syncDirectory(LocalFiles.parent(target));
  }

  private static void linkUnlessThere(Path file, Path target) throws IOException {
    try {
      LocalFiles.link(file, target);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(target) || Files.mismatch(file, target) >= 0) {
        throw e;
      }
    }
  }
}
