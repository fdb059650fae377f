// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

import io.viewexport.api.job.SnapshotMode;
import java.util.Optional;

/**
 * How the chunks of a job are to be read.
 *
 * @param mode {@code SHARED}, until the job falls back to {@code PER_CHUNK}
 * @param generation the number of the last shared snapshot; 0: there was none, or the job fell back
 * @param held the snapshot, where somebody holds it by a lease that lasts
 */
public record SnapshotState(SnapshotMode mode, int generation, Optional<HeldSnapshot> held) {}
