// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.core.state.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The tasks that can be claimed or are held, of all jobs.
 *
 * <p>Claims take turns: one takes the oldest tasks, the next those with the smallest number within
 * their job. So neither a large job starves a small one, nor many small ones a large one.
 */
final class MemoryQueue {
  private static final Comparator<MemoryTask> BY_ID =
      Comparator.<MemoryTask, String>comparing(task -> task.id.job().value())
          .thenComparing(task -> task.id.type())
          .thenComparing(task -> task.id.view())
          .thenComparing(task -> task.id.chunk());
  private static final Comparator<MemoryTask> BY_AGE =
      Comparator.<MemoryTask, Instant>comparing(task -> task.dueAt)
          .thenComparing(task -> task.ordinal)
          .thenComparing(BY_ID);
  private static final Comparator<MemoryTask> BY_NUMBER =
      Comparator.<MemoryTask, Integer>comparing(task -> task.ordinal)
          .thenComparing(task -> task.dueAt)
          .thenComparing(BY_ID);

  private final TreeSet<MemoryTask> byAge = new TreeSet<>(BY_AGE);
  private final TreeSet<MemoryTask> byNumber = new TreeSet<>(BY_NUMBER);
  private final Set<MemoryTask> leased = new LinkedHashSet<>();
  private boolean oldestFirst;

  /** Enters a task according to its state. */
  void add(MemoryTask task) {
    if (task.state == TaskState.READY) {
      byAge.add(task);
      byNumber.add(task);
    } else if (task.state == TaskState.LEASED) {
      leased.add(task);
    }
  }

  /** Takes a task out, before its state or due time changes. */
  void remove(MemoryTask task) {
    byAge.remove(task);
    byNumber.remove(task);
    leased.remove(task);
  }

  /** What can be claimed now, first come first: those whose lease ran out, then those due. */
  List<MemoryTask> claimable(ClaimRequest request, Instant now) {
    List<MemoryTask> found = new ArrayList<>();
    for (MemoryTask task : leased) {
      if (!task.leaseUntil.isAfter(now)) {
        offer(task, request, found);
      }
    }
    int room = Math.min(request.limit(), found.size() + room(request));
    oldestFirst = !oldestFirst;
    for (MemoryTask task : oldestFirst ? byAge : byNumber) {
      if (found.size() >= room) {
        return found;
      }
      if (!task.dueAt.isAfter(now)) {
        offer(task, request, found);
      }
    }
    return found;
  }

  /** How many more tasks may be held over the whole cluster. */
  private int room(ClaimRequest request) {
    return Math.max(0, request.clusterLimit().orElse(Integer.MAX_VALUE) - leased.size());
  }

  /** How many tasks are due, and since when the first of them is. */
  record Due(long count, Optional<Instant> since) {}

  Due due(Instant now) {
    long count = byAge.stream().filter(task -> !task.dueAt.isAfter(now)).count();
    return new Due(
        count, byAge.stream().findFirst().map(task -> task.dueAt).filter(at -> !at.isAfter(now)));
  }

  int leasedCount() {
    return leased.size();
  }

  /** The kinds of the tasks that somebody holds by a lease that lasts. */
  Set<String> kindsHeldAt(Instant now) {
    return leased.stream()
        .filter(task -> task.isHeldAt(now))
        .map(task -> task.kind)
        .collect(Collectors.toSet());
  }

  private void offer(MemoryTask task, ClaimRequest request, List<MemoryTask> found) {
    boolean wanted = found.size() < request.limit() && request.kinds().contains(task.kind);
    if (wanted && !isExcluded(task, found)) {
      found.add(task);
    }
  }

  private boolean isExcluded(MemoryTask task, List<MemoryTask> found) {
    String key = task.exclusionKey;
    if (key == null || task.holdsItsKey()) {
      return false;
    }
    return found.stream().anyMatch(other -> key.equals(other.exclusionKey))
        || isHeld(key, leased)
        || isHeld(key, byAge);
  }

  private static boolean isHeld(String key, Set<MemoryTask> tasks) {
    return tasks.stream().anyMatch(other -> other.holdsItsKey() && key.equals(other.exclusionKey));
  }
}
