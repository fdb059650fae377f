// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.storage.KernelFailures;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import io.viewexport.deltalake.internal.storage.StorageFailures;
import io.viewexport.deltalake.internal.storage.StoredFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files that merges left in a target. */
public final class TargetFiles {
  private TargetFiles() {}

  /**
   * Finds out what became of a view's merge. Afterwards that is how it stays.
   *
   * @throws ExportException {@code OUTCOME_UNKNOWN} where that can't be known now
   */
  public static void findOutcome(LakeStorage storage, String target, JobId job, int view) {
    try {
      EarlierAttempts.endForGood(storage, target, job, view, Integer.MAX_VALUE);
    } catch (RuntimeException e) {
      throw ExportException.outcomeUnknown(
          "outcome-still-unknown",
          "It can't be found out now whether view "
              + view
              + " of job "
              + job.value()
              + " was merged into "
              + target
              + "; its staging is kept, to be cleaned up later.",
          KernelFailures.of(e, "Log not read", target));
    }
  }

  /**
   * Deletes the files that a view's merges put into the target and that its log does not name,
   * neither now nor in the history that is still there, and those that its commits had not put in
   * place. To be called when the outcome of the merge is known and none runs any more; any number
   * of times.
   *
   * @throws ExportException where the log can't be read: then nothing is deleted
   */
  public static void removeOrphans(LakeStorage storage, String target, JobId job, int view) {
    storage.fence(target, FileNames.work(job, view), Integer.MAX_VALUE);
    String prefix = FileNames.prefix(job, view);
    Map<String, StoredFile> orphans = new HashMap<>();
    storage.listFiles(target, prefix).forEach(file -> orphans.put(file.name(), file));
    if (orphans.isEmpty()) {
      return;
    }
    try {
      DeltaTable.find(storage, target)
          .ifPresent(
              table ->
                  table.files().forEach(file -> orphans.remove(name(file.status().getPath()))));
      forgetHistory(storage, target, prefix, orphans);
    } catch (RuntimeException e) {
      throw KernelFailures.of(e, "Files of job " + job.value() + " not removed", target);
    }
    orphans.values().forEach(file -> storage.deleteFile(file.path()));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void forgetHistory(
      LakeStorage storage, String target, String prefix, Map<String, StoredFile> orphans) {
    Pattern names = Pattern.compile(Pattern.quote(prefix) + "[0-9a-z.-]+\\.parquet");
    List<StoredFile> log = storage.listFiles(target + "/_delta_log", "");
    for (StoredFile entry : log) {
      if (entry.name().endsWith(".json") && !orphans.isEmpty()) {
        forget(storage, entry, names, orphans);
      }
    }
  }

  private static void forget(
      LakeStorage storage, StoredFile entry, Pattern names, Map<String, StoredFile> orphans) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                storage.fileIo().newInputFile(entry.path(), entry.size()).newStream(),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher found = names.matcher(line);
        while (found.find()) {
          orphans.remove(found.group());
        }
      }
    } catch (IOException e) {
      throw StorageFailures.of(e, "Log not read", entry.path());
    }
  }
}
