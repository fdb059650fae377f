// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.store;

/**
 * The right of one worker to work at one task and to say what became of it.
 *
 * @param task the task
 * @param token the fencing token: grows with each claim of the task, so that a write that shows an
 *     older one is refused; it is the attempt's number, too
 * @param worker who holds it
 */
public record Lease(TaskId task, int token, String worker) {}
