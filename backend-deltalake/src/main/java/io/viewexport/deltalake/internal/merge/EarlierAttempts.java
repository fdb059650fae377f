// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.ExportException;
import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.util.Optional;

/**
 * What the attempts at a view's merge came to that were made before one.
 *
 * @param table the target, where there is one
 * @param merged whether one of them brought the rows there
 * @param open whether one that did not may yet: by a commit on top of this version of the table
 */
record EarlierAttempts(Optional<DeltaTable> table, boolean merged, boolean open) {
  /** How often others may be first before it is left to another attempt. */
  private static final int MOST_TRIES = 20;

  /**
   * Ends them as far as the storage can, and finds out.
   *
   * @param before the number of the first attempt that is not concerned
   */
  static EarlierAttempts end(LakeStorage storage, String target, JobId job, int view, int before) {
    // In this order: a commit that the look-up missed must not land after it.
    boolean open =
        storage.fence(target, FileNames.work(job, view), before) == LakeStorage.Fence.OPEN;
    return find(storage, target, job, view, open);
  }

  private static EarlierAttempts find(
      LakeStorage storage, String target, JobId job, int view, boolean open) {
    Optional<DeltaTable> table = DeltaTable.find(storage, target);
    boolean merged = isMerged(table, job, view);
    // A commit of rows goes on top of a version that its attempt has seen.
    return new EarlierAttempts(table, merged, open && !merged && table.isPresent());
  }

  /**
   * As {@link #end}, for good: none of them can commit any more. Where what they sent may still
   * land, it takes the version that it would land on.
   *
   * @throws ExportException {@code OUTCOME_UNKNOWN} where others were always first
   */
  static EarlierAttempts endForGood(
      LakeStorage storage, String target, JobId job, int view, int before) {
    EarlierAttempts earlier = end(storage, target, job, view, before);
    String id = transaction(job, view) + "/ended";
    for (int tries = 0; earlier.open && tries < MOST_TRIES; tries++) {
      boolean taken = earlier.table.orElseThrow().takeNextVersion(id, before);
      earlier = find(storage, target, job, view, !taken);
    }
    if (earlier.open) {
      throw ExportException.outcomeUnknown(
          "commit-outcome-unknown",
          "Other writers changed "
              + target
              + " again and again, so that it can't be told now"
              + " whether view "
              + view
              + " of job "
              + job.value()
              + " was merged.",
          null);
    }
    return earlier;
  }

  /** Whether the rows of a view are in a table. */
  static boolean isMerged(Optional<DeltaTable> table, JobId job, int view) {
    return table.filter(found -> found.hasTransaction(transaction(job, view))).isPresent();
  }

  /** The identifier of the transaction that brings the rows of a view to the target. */
  static String transaction(JobId job, int view) {
    return job.value() + "/v" + view;
  }
}
