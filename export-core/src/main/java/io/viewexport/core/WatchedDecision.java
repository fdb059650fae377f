// SPDX-License-Identifier: Apache-2.0
package io.viewexport.core;

import io.viewexport.api.job.JobState;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.Transition;
import java.util.Optional;

/** A decision that remembers to which state it brought the job when it was last applied. */
final class WatchedDecision implements Decision {
  private final Decision decision;
  private volatile Optional<JobState> state = Optional.empty();

  WatchedDecision(Decision decision) {
    this.decision = decision;
  }

  Optional<JobState> state() {
    return state;
  }

  @Override
  public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
    Transition transition = decision.decide(job, task);
    state = transition.state();
    return transition;
  }

  @Override
  public Transition advance(JobSnapshot job) {
    Transition transition = decision.advance(job);
    state = transition.state().or(this::state);
    return transition;
  }
}
