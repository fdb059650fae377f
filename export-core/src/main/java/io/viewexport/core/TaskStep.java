// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.core.state.TaskEvent;

/** The work of one type of task. */
@FunctionalInterface
interface TaskStep {

  /** Does the work and says what became of it; what it throws is judged by the caller. */
  TaskEvent run(Attempt attempt);
}
