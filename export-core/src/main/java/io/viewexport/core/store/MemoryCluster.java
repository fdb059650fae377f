// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What servers told of themselves, and who has which duty; guarded by its store's lock. */
final class MemoryCluster {
  private final Map<String, Server> servers = new HashMap<>();
  private final Map<String, Holder> duties = new HashMap<>();

  private record Server(Set<String> kinds, Instant aliveUntil) {}

  private record Holder(String worker, Instant until) {}

  void announce(String worker, Set<String> kinds, Instant aliveUntil) {
    servers.put(worker, new Server(Set.copyOf(kinds), aliveUntil));
  }

  Set<String> kindsServedAt(Instant now) {
    Set<String> kinds = new HashSet<>();
    for (Server server : servers.values()) {
      if (server.aliveUntil().isAfter(now)) {
        kinds.addAll(server.kinds());
      }
    }
    return kinds;
  }

  boolean takeDuty(String duty, String worker, Instant now, Duration lease) {
    Holder holder = duties.get(duty);
    boolean taken =
        holder != null && !holder.worker().equals(worker) && holder.until().isAfter(now);
    if (!taken) {
      duties.put(duty, new Holder(worker, now.plus(lease)));
    }
    return !taken;
  }
}
