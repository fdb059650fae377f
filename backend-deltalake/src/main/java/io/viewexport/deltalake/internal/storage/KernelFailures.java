// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.exceptions.CommitStateUnknownException;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.InvalidTableException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.viewexport.api.ExportException;
import io.viewexport.api.ExportRefusedException;
import io.viewexport.api.ExportStoppedException;
import java.io.IOException;

/** Turns what Delta Kernel throws into failures in the library's own words. */
public final class KernelFailures {
  private KernelFailures() {}

  /**
   * The failure for an exception of Delta Kernel; the exceptions of the library's own pass as they
   * are.
   *
   * @param doing what failed, as the beginning of a sentence: {@code Chunk 3 of job x not staged}
   * @param table the path of the table
   */
  public static RuntimeException of(RuntimeException e, String doing, String table) {
    if (e instanceof ExportException
        || e instanceof ExportStoppedException
        || e instanceof ExportRefusedException) {
      return e;
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ExportStoppedException stopped) {
        return stopped;
      }
    }
    if (e instanceof CommitStateUnknownException || isUnansweredCommit(e)) {
      return ExportException.outcomeUnknown(
          "commit-outcome-unknown",
          doing + ": the answer to the commit to " + table + " was lost.",
          e);
    }
    if (e.getCause() instanceof CommitFailedException commit && isRefused(commit)) {
      return ofCause(e, doing, table);
    }
    if (e instanceof ConcurrentWriteException || e instanceof MaxCommitRetryLimitReachedException) {
      return ExportException.retryable(
          "target-busy", doing + ": another writer changed " + table + " meanwhile.", e);
    }
    if (e instanceof TableNotFoundException) {
      return ExportException.permanent(
          "table-not-found", doing + ": there is no Delta table at " + table + ".", e);
    }
    if (e instanceof TableAlreadyExistsException) {
      return ExportException.permanent(
          "table-exists", doing + ": there is a Delta table at " + table + " already.", e);
    }
    if (e instanceof UnsupportedProtocolVersionException
        || e instanceof UnsupportedTableFeatureException) {
      return ExportException.permanent(
          "table-feature-not-supported",
          doing + ": the table at " + table + " uses features of Delta that are not supported.",
          e);
    }
    if (e instanceof InvalidTableException) {
      return ExportException.permanent("table-damaged", damaged(doing, table), e);
    }
    return ofCause(e, doing, table);
  }

  /**
   * A commit that failed by anything but another's: it may be there all the same. Not so where the
   * file system refused to take it.
   */
  private static boolean isUnansweredCommit(RuntimeException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CommitFailedException commit) {
        return !commit.isConflict() && !isRefused(commit);
      }
    }
    return false;
  }

  private static boolean isRefused(CommitFailedException commit) {
    for (Throwable cause = commit.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException answer) {
        return !answer.mayStillLand();
      }
    }
    for (Throwable cause = commit.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return switch (StorageFailures.reason(io, "")) {
          case DISK_FULL, ACCESS_DENIED, READ_ONLY -> true;
          default -> false;
        };
      }
    }
    return false;
  }

  /**
   * Whether a commit that failed so may still land, so that looking it up tells nothing: never in a
   * file system, whose calls end before they fail.
   */
  public static boolean mayStillLand(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreException answer && answer.mayStillLand()) {
        return true;
      }
    }
    return false;
  }

  /** Kernel wraps what the file access threw, sometimes more than once. */
  private static RuntimeException ofCause(RuntimeException e, String doing, String table) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof JsonProcessingException) {
        return ExportException.retryable("table-damaged", damaged(doing, table), e);
      }
      if (cause instanceof IOException io) {
        return StorageFailures.of(io, doing, table);
      }
    }
    return ExportException.retryable(
        "delta-failed",
        doing
            + ": Delta Kernel failed ("
            + e.getClass().getSimpleName()
            + ") on "
            + table
            + "; check that the files in its _delta_log are complete, or choose another path.",
        e);
  }

  private static String damaged(String doing, String table) {
    return doing
        + ": the Delta log of "
        + table
        + " is damaged; restore its _delta_log, or choose another path.";
  }
}
