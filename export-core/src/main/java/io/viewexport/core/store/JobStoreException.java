// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import org.jspecify.annotations.Nullable;

/** The store can't be reached or refuses to work; the effect of the call is not known. */
public final class JobStoreException extends RuntimeException {

  /**
   * A trouble with the store.
   *
   * @param message own text: no text of the database's message
   */
  public JobStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
