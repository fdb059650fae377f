// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a store that is no file system answered. It knows what failure that is. */
public abstract class StoreException extends IOException {

  /**
   * A failed call.
   *
   * @param message codes only: no text of the store's
   */
  protected StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether what the call was to do may still happen, or may have happened unseen. */
  public abstract boolean mayStillLand();

  /**
   * The failure in the library's own words.
   *
   * @param doing what failed, as the beginning of a sentence
   * @param path what it failed on
   */
  public abstract RuntimeException failure(String doing, String path);
}
