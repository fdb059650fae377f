// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

/**
 * What the state machine sees of the task that an event is about.
 *
 * @param type its type
 * @param failures how many attempts at it have failed
 * @param inDoubt for {@code FINALIZE}: whether an earlier attempt may have begun a merge whose
 *     outcome is not known: it ended as unknown, returned <em>again</em>, or never reported its end
 * @param passes for {@code CLEANUP}: how often it has succeeded
 */
public record TaskSnapshot(TaskType type, int failures, boolean inDoubt, int passes) {}
