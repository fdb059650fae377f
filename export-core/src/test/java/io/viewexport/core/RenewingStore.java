// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.store.InMemoryJobStore;
import io.viewexport.core.store.Lease;
import io.viewexport.core.store.LeaseProgress;
import io.viewexport.core.store.LeaseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A store that answers every renewal as the test says. */
final class RenewingStore extends OtherStore {
  final List<LeaseProgress> renewals = new ArrayList<>();
  LeaseStatus status = LeaseStatus.HELD;
  Runnable onRenew = () -> {};

  RenewingStore() {
    super(InMemoryJobStore.create());
  }

  @Override
  public Map<Lease, LeaseStatus> renew(List<LeaseProgress> leases, Duration lease) {
    renewals.addAll(leases);
    onRenew.run();
    Map<Lease, LeaseStatus> found = new HashMap<>();
    leases.forEach(progress -> found.put(progress.lease(), status));
    return found;
  }
}
