// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.api.Experimental;
import io.viewexport.core.store.JobStore;
import java.time.Duration;

/**
 * What a store's author tells {@link JobStoreContract} of the store: one shared state, empty at
 * first, such as a database.
 */
@Experimental
public interface JobStoreFixture extends AutoCloseable {

  /**
   * One more server's store on the shared state. A store that can't have several at one state gives
   * the same each time. The contract closes what it gets.
   *
   * @return a store with a server's own memory
   */
  JobStore openStore();

  /**
   * Lets the store's clock pass, for all its servers: by a clock that can be set, or by moving
   * every time that is stored back, those of duties, announcements and shared snapshots included.
   * Called while no call of a store is under way.
   *
   * @param time in whole milliseconds
   */
  void advance(Duration time);

  /** Frees the shared state; the stores are closed by then. */
  @Override
  default void close() {}
}
