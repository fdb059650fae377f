// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import java.time.Duration;
import java.time.Instant;

class InMemoryJobStoreTest extends JobStoreContractTest {
  private Instant now = Instant.parse("2026-03-01T00:00:00Z");

  @Override
  JobStore open() {
    return InMemoryJobStore.create(() -> now);
  }

  @Override
  void advance(Duration time) {
    now = now.plus(time);
  }
}
