// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

import io.viewexport.api.job.JobId;
import io.viewexport.deltalake.internal.storage.LakeStorage;
import java.util.Optional;

/**
 * What the attempts at a view's merge came to that were made before one, none of which can commit
 * any more.
 *
 * @param table the target, where there is one
 * @param merged whether one of them brought the rows there
 */
record EarlierAttempts(Optional<DeltaTable> table, boolean merged) {

  /**
   * Ends them and finds out.
   *
   * @param before the number of the first attempt that is not concerned
   */
  static EarlierAttempts end(LakeStorage storage, String target, JobId job, int view, int before) {
    // In this order: a commit that the look-up missed must not land after it.
    storage.fence(target, FileNames.work(job, view), before);
    Optional<DeltaTable> table = DeltaTable.find(storage, target);
    return new EarlierAttempts(table, isMerged(table, job, view));
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
