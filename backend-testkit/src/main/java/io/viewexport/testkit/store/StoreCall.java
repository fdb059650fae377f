// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.Experimental;
import io.viewexport.core.store.JobStore;

/** The methods of a {@link JobStore} that can fail. */
@Experimental
public enum StoreCall {
  /** {@link JobStore#create}. */
  CREATE,
  /** {@link JobStore#findUnfinished}. */
  FIND_UNFINISHED,
  /** {@link JobStore#find}. */
  FIND,
  /** {@link JobStore#list}. */
  LIST,
  /** {@link JobStore#load}. */
  LOAD,
  /** {@link JobStore#admit}. */
  ADMIT,
  /** {@link JobStore#claim}. */
  CLAIM,
  /** {@link JobStore#renew}. */
  RENEW,
  /** {@link JobStore#saveCheckpoint}. */
  SAVE_CHECKPOINT,
  /** {@link JobStore#settle}. */
  SETTLE,
  /** {@link JobStore#update}. */
  UPDATE,
  /** {@link JobStore#receipts}. */
  RECEIPTS,
  /** {@link JobStore#endedViews}. */
  ENDED_VIEWS,
  /** {@link JobStore#purge}. */
  PURGE,
  /** {@link JobStore#takeDuty}. */
  TAKE_DUTY,
  /** {@link JobStore#announce}. */
  ANNOUNCE,
  /** {@link JobStore#unserved}. */
  UNSERVED,
  /** {@link JobStore#snapshots}: every call about a shared snapshot. */
  SNAPSHOTS,
  /** {@link JobStore#stats}. */
  STATS
}
