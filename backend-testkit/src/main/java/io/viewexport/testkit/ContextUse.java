// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit;

/** What a backend does with the context of a {@link ManualJob}'s call. */
public enum ContextUse {
  /** It asks whether to stop. */
  ASK_STOP,
  /** It looks at the receipts. */
  RECEIPTS,
  /** It saves a checkpoint. */
  SAVE_CHECKPOINT,
  /** It reports progress. */
  PROGRESS
}
