// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

/** Where a pod can be held up, in the order in which a job passes by. */
enum Point {
  /** Tasks are claimed; none of them has begun. */
  CLAIMED,
  /** A chunk's first row was handed to the backend. */
  IN_CHUNK,
  /** A chunk is committed to its staging table; nobody knows of it. */
  CHUNK_COMMITTED,
  /** A finalize task has begun. */
  BEFORE_MERGE,
  /** The new files are in the target's folder, and the checkpoint is not saved. */
  MERGE_WRITTEN,
  /** Half of the commit that makes the table is written, where nobody sees it. */
  IN_FIRST_COMMIT,
  /** Half of the merge's commit is written, where nobody sees it. */
  IN_COMMIT,
  /** The merge's commit is put; Kernel has not heard of it. */
  AFTER_COMMIT,
  /** The merge is done; the store does not know. */
  MERGED,
  /** The transaction that tells the store of a merge is about to be committed. */
  TELLING_STORE,
  /** The store knows of the merge; the pod has not heard that it does. */
  STORE_TOLD,
  /** A clean-up has begun. */
  BEFORE_CLEANUP,
  /** A clean-up is done; the store does not know. */
  CLEANED_UP
}
