// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.internal.merge;

/**
 * A data file that was put into the target's directory, not yet into its log.
 *
 * @param name its name in the target's directory: letters, digits, hyphens and dots alone
 * @param size in bytes
 * @param modifiedAt milliseconds since 1970-01-01T00:00:00Z
 * @param statistics Delta's statistics as JSON
 */
record NewFile(String name, long size, long modifiedAt, String statistics) {}
