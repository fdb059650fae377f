// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.TaskChange;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A decision as a store hears it that gets something wrong. */
class AlteredDecision implements Decision {
  private final Decision real;

  AlteredDecision(Decision real) {
    this.real = real;
  }

  @Override
  public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
    return real.decide(job, task);
  }

  @Override
  public Transition advance(JobSnapshot job) {
    return real.advance(job);
  }

  /** What the decision says, changed. */
  static Decision changing(Decision real, UnaryOperator<Transition> change) {
    return new AlteredDecision(real) {
      @Override
      public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
        return change.apply(super.decide(job, task));
      }
    };
  }

  static Transition withTask(Transition said, UnaryOperator<TaskChange> change) {
    return new Transition(
        said.plan(),
        said.task().map(change),
        said.skip(),
        said.release(),
        said.state(),
        said.stop(),
        said.failure());
  }

  static TaskChange with(TaskChange said, Duration delay, boolean inDoubt) {
    return new TaskChange(
        said.state(),
        delay,
        said.failure(),
        said.receipt(),
        said.origin(),
        said.checkpoint(),
        said.outcome(),
        said.location(),
        said.counts(),
        inDoubt,
        said.passes());
  }
}
