// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.JobStore;
import io.viewexport.testkit.ManualClock;
import java.time.Duration;

class InMemoryJobStoreTest extends JobStoreContract {

  @Override
  protected JobStoreFixture open() {
    ManualClock clock = new ManualClock();
    JobStore store = InMemoryJobStore.create(clock);
    return new JobStoreFixture() {
      @Override
      public JobStore openStore() {
        return store;
      }

      @Override
      public void advance(Duration time) {
        clock.advance(time);
      }
    };
  }
}
