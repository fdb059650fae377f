// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/** What becomes of a request that asks for more chunks than connections allow at once. */
public enum SurplusChunks {
  /** It is refused with {@code parallelism-exceeds-pool}. */
  REFUSE,
  /** It is accepted; the chunks that find no worker wait: the count is only that of slices. */
  WAIT
}
