// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.store;

import static io.viewexport.testkit.store.AlteredDecision.changing;
import static io.viewexport.testkit.store.AlteredDecision.with;
import static io.viewexport.testkit.store.AlteredDecision.withTask;

import io.viewexport.api.job.JobId;
import io.viewexport.core.state.Decision;
import io.viewexport.core.state.JobSnapshot;
import io.viewexport.core.state.JobStateMachine;
import io.viewexport.core.state.Skip;
import io.viewexport.core.state.TaskEvent;
import io.viewexport.core.state.TaskSnapshot;
import io.viewexport.core.state.TaskType;
import io.viewexport.core.state.Transition;
import io.viewexport.core.store.JobStore;
import io.viewexport.core.store.Lease;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Stores that show decisions something wrong, or do something else than they say. */
final class BrokenDecisions {
  private BrokenDecisions() {}

  private abstract static class Altering extends ForwardingJobStore {
    Altering(JobStore real) {
      super(real);
    }

    abstract Decision altered(Decision decision);

    @Override
    public boolean settle(Lease lease, Decision decision) {
      return super.settle(lease, altered(decision));
    }

    @Override
    public boolean update(JobId id, Decision decision) {
      return super.update(id, altered(decision));
    }
  }

  /** Looks at the counter of chunks before it is counted down. */
  static final class OpensGatesEarly extends Altering {
    OpensGatesEarly(JobStore real) {
      super(real);
    }

    @Override
    Decision altered(Decision decision) {
      return new AlteredDecision(decision) {
        @Override
        public Transition advance(JobSnapshot job) {
          Map<TaskType, Integer> left = new EnumMap<>(TaskType.class);
          for (TaskType type : TaskType.values()) {
            left.put(type, job.left(type));
          }
          left.computeIfPresent(
              TaskType.CHUNK, (type, count) -> job.stage() == type && count == 1 ? 0 : count);
          return super.advance(
              new JobSnapshot(
                  job.state(),
                  job.stop(),
                  job.stage(),
                  left,
                  job.views(),
                  job.merged(),
                  job.unknown(),
                  job.lostLeases()));
        }
      };
    }
  }

  static final class EndsLeasesForNothing extends Altering {
    EndsLeasesForNothing(JobStore real) {
      super(real);
    }

    @Override
    Decision altered(Decision decision) {
      return new AlteredDecision(decision) {
        @Override
        public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
          Transition said = super.decide(job, task);
          return said.equals(Transition.NONE) && task.isPresent()
              ? JobStateMachine.on(TaskEvent.Released.UNTOUCHED).decide(job, task)
              : said;
        }
      };
    }
  }

  static final class HidesLostLeases extends Altering {
    HidesLostLeases(JobStore real) {
      super(real);
    }

    @Override
    Decision altered(Decision decision) {
      return new AlteredDecision(decision) {
        @Override
        public Transition decide(JobSnapshot job, Optional<TaskSnapshot> task) {
          return super.decide(
              new JobSnapshot(
                  job.state(),
                  job.stop(),
                  job.stage(),
                  job.left(),
                  job.views(),
                  job.merged(),
                  job.unknown(),
                  0,
                  job.snapshotGeneration()),
              task);
        }
      };
    }
  }

  /** So that a cancel takes it for a merge that never began. */
  static final class ForgetsDoubtThatWaits extends Altering {
    ForgetsDoubtThatWaits(JobStore real) {
      super(real);
    }

    @Override
    Decision altered(Decision decision) {
      return changing(
          decision,
          said ->
              withTask(
                  said,
                  change ->
                      with(
                          change,
                          change.delay(),
                          change.inDoubt() && change.delay().toHours() < 1)));
    }
  }

  static final class SkipsOnlyTheUnstarted extends Altering {
    SkipsOnlyTheUnstarted(JobStore real) {
      super(real);
    }

    @Override
    Decision altered(Decision decision) {
      return changing(
          decision,
          said ->
              said.skip() == Skip.UNHELD
                  ? new Transition(
                      said.plan(),
                      said.task(),
                      Skip.UNSTARTED,
                      said.release(),
                      said.state(),
                      said.stop(),
                      said.failure())
                  : said);
    }
  }

  static final class RetriesTooSoon extends Altering {
    RetriesTooSoon(JobStore real) {
      super(real);
    }

    @Override
    Decision altered(Decision decision) {
      return changing(
          decision,
          said ->
              withTask(
                  said,
                  change ->
                      with(
                          change,
                          Duration.ofMillis(change.delay().toMillis() * 4 / 5),
                          change.inDoubt())));
    }
  }
}
