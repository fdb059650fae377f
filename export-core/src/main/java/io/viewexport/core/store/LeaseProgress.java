// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

/**
 * A lease to be renewed, and how far its work is.
 *
 * @param lease the lease
 * @param rowCount rows read by this attempt
 * @param byteCount bytes written by this attempt
 */
public record LeaseProgress(Lease lease, long rowCount, long byteCount) {}
