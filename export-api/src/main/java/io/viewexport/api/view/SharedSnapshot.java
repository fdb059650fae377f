// SPDX-License-Identifier: Apache-2.0
package io.viewexport.api.view;

import io.viewexport.api.Experimental;

/**
 * One state of the source that readers on several servers can share, for as long as it is held. It
 * holds a connection, and keeps the source from removing rows that were deleted meanwhile. Used by
 * one thread at a time.
 */
@Experimental
public interface SharedSnapshot extends AutoCloseable {

  /** {@return what {@link SliceRequest#snapshot()} names it by, on any server} */
  String name();

  /** {@return whether it is still held; asks the source} Once false, always false. */
  boolean isAlive();

  /** Gives it up: nobody begins to read under it any more. Any number of times; throws nothing. */
  @Override
  void close();
}
