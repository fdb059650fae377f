// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

/**
 * What one server does and has done since its service was built.
 *
 * @param runningTasks the tasks that it works at now
 * @param rowCount rows that its attempts have read so far, of running and of ended ones, whatever
 *     became of them
 * @param byteCount bytes that its attempts said to have written so far, likewise
 */
public record ServerActivity(int runningTasks, long rowCount, long byteCount) {}
