// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import java.time.Duration;
import java.util.Optional;

/**
 * What waits and what runs over the whole cluster, by the store's clock.
 *
 * @param dueTasks tasks that could be claimed now, but for limits and exclusion keys
 * @param oldestDue for how long the first of them has been due
 * @param leasedTasks tasks in somebody's hands
 * @param unfinishedJobs jobs in no final state
 * @param heldBackJobs those of them that wait for others of their principal to end
 * @param oldestUnfinished how long ago the oldest of them was accepted
 */
public record QueueStats(
    long dueTasks,
    Optional<Duration> oldestDue,
    long leasedTasks,
    long unfinishedJobs,
    long heldBackJobs,
    Optional<Duration> oldestUnfinished) {}
