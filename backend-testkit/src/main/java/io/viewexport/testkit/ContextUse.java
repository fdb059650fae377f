// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

import io.viewexport.api.Experimental;

/** What a backend does with the context of a {@link ManualJob}'s call. */
@Experimental
public enum ContextUse {
  /** It asks whether to stop, and is not answered yet. */
  ASK_STOP,
  /**
   * It has been answered whether to stop: what comes now reaches it when it asks again. Here stands
   * a server that is frozen between asking and acting.
   */
  TOLD_STOP,
  /** It looks at the receipts. */
  RECEIPTS,
  /** It saves a checkpoint. */
  SAVE_CHECKPOINT,
  /** It reports progress. */
  PROGRESS
}
