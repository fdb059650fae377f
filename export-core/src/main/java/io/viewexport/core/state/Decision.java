// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core.state;

import java.util.Optional;

/** What the state machine makes of one event; called by a store inside its transaction. Pure. */
public interface Decision {

  /**
   * What follows from the event.
   *
   * @param task the task that the event is about; empty where it is about the job
   */
  Transition decide(JobSnapshot job, Optional<TaskSnapshot> task);

  /**
   * What follows from the counters as they stand after that. A store applies it and asks again
   * until the answer is {@link Transition#NONE}.
   */
  Transition advance(JobSnapshot job);
}
