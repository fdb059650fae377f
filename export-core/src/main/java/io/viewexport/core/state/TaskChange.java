// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.FailureCause;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeOutcome;
import java.time.Duration;
import java.util.Optional;

/**
 * What is written to the task that an event is about; its lease ends with it.
 *
 * @param state its new state
 * @param delay for {@code READY}: how long until it is due
 * @param failure a failed attempt: counted, and kept as the last cause (as the first, too, where
 *     there is none)
 * @param receipt for a chunk that is done
 * @param checkpoint replaces the stored one
 * @param outcome for {@code FINALIZE}: what is now known of the merge
 * @param location for a merge that is done: where the rows are
 * @param counts for a merge that is done: what it changed
 * @param inDoubt for {@code FINALIZE}: see {@link TaskSnapshot#inDoubt}
 * @param passes for {@code CLEANUP}: how often it has succeeded
 */
public record TaskChange(
    TaskState state,
    Duration delay,
    Optional<FailureCause> failure,
    Optional<ChunkReceipt> receipt,
    Optional<String> checkpoint,
    Optional<MergeOutcome> outcome,
    Optional<String> location,
    Optional<MergeCounts> counts,
    boolean inDoubt,
    int passes) {}
