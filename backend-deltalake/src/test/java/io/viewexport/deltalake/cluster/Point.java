// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.job.MergeMode;

/** Where a pod can be held up, in the order in which a job passes by. */
enum Point {
  /** Tasks are claimed; none of them has begun. */
  CLAIMED(MergeMode.INSERT),
  /** A chunk's first row was handed to the backend. */
  IN_CHUNK(MergeMode.UPSERT),
  /** A chunk is committed to its staging table; nobody knows of it. */
  CHUNK_COMMITTED(MergeMode.HISTORY),
  /** A finalize task has begun. */
  BEFORE_MERGE(MergeMode.REPLACE),
  /** The new files are in the target's folder, and the checkpoint is not saved. */
  MERGE_WRITTEN(MergeMode.INSERT),
  /** Half of the commit that makes the table is written, where nobody sees it. */
  IN_FIRST_COMMIT(MergeMode.UPSERT),
  /** Half of the merge's commit is written, where nobody sees it. */
  IN_COMMIT(MergeMode.HISTORY),
  /** The merge's commit is put; Kernel has not heard of it. */
  AFTER_COMMIT(MergeMode.REPLACE),
  /** The merge is done; the store does not know. */
  MERGED(MergeMode.INSERT),
  /** The transaction that tells the store of a merge is about to be committed. */
  TELLING_STORE(MergeMode.UPSERT),
  /** The store knows of the merge; the pod has not heard that it does. */
  STORE_TOLD(MergeMode.HISTORY),
  /** A clean-up has begun. */
  BEFORE_CLEANUP(MergeMode.REPLACE),
  /** A clean-up is done; the store does not know. */
  CLEANED_UP(MergeMode.INSERT);

  private final MergeMode mode;

  Point(MergeMode mode) {
    this.mode = mode;
  }

  /** In which mode it is tried: all of them have their turn. */
  MergeMode mode() {
    return mode;
  }
}
