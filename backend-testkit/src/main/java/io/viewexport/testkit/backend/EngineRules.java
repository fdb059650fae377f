// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.FailureKind;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.BackendCall;
import io.viewexport.testkit.Fault;
import io.viewexport.testkit.FaultPoint;
import io.viewexport.testkit.FaultyBackend;
import io.viewexport.testkit.PodCrash;
import io.viewexport.testkit.SteppedCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real engine, stepped, on two servers: what goes wrong hurts, and is healed. */
interface EngineRules {
  Duration PAST_EVERY_LEASE = Duration.ofMinutes(5);

  /** The first server dies once, in each call and at each point of it. */
  @ParameterizedTest
  @EnumSource(names = {"SETUP", "CHUNK", "FINALIZE", "CANCEL"})
  default void b26_afterACrashAnotherServersEngineFinishes(
      BackendCall.Kind call, BackendWorld world) {
    for (FaultPoint point : points(call)) {
      SampleExport export = world.export(Samples.keys(0, 20)).cut(2);
      FaultyBackend dying = new FaultyBackend(world.another());
      dying.inject(BackendCall.every(call), point, Fault.crash());
      String when = "after a crash " + point + " " + call;
      try (SteppedCluster cluster =
          SteppedCluster.of(1, server -> server.source(world.source()).backend(dying))) {
        dying.onCrash(() -> cluster.crash(0));
        JobId job = cluster.server(0).submit(world.request(export)).id();
        for (int tasks = 0; !dying.isCrashed() && tasks < 100; tasks++) {
          runQuietly(cluster);
        }
        assertThat(dying.isCrashed()).as("the server has died").isTrue();
        cluster.add(server -> server.source(world.source()).backend(world.another()));
        cluster.advance(PAST_EVERY_LEASE);
        assertCompleted(world, export, cluster.finish(job), when);
      }
    }
  }

  private static void runQuietly(SteppedCluster cluster) {
    try {
      cluster.runOnce(0);
    } catch (Error dead) {
      assertThat(dead).isInstanceOf(PodCrash.class);
    }
  }

  private static List<FaultPoint> points(BackendCall.Kind call) {
    List<FaultPoint> points = new ArrayList<>(List.of(FaultPoint.values()));
    if (call != BackendCall.Kind.CHUNK) {
      points.remove(FaultPoint.MIDWAY);
    }
    return points;
  }

  private static void assertCompleted(
      BackendWorld world, SampleExport export, ExportJob ended, String when) {
    assertThat(ended.state())
        .as("state of the job %s; its failure: %s", when, ended.failure())
        .isEqualTo(JobState.COMPLETED);
    world.assertTarget(export.target(), export.rows(), when);
    world.assertClean(when);
  }

  /** An answer that is lost is found out by the next attempt, not doubled. */
  @Test
  default void b08_theEngineHealsLostAnswersAndPassingFailures(BackendWorld world) {
    for (Fault fault : List.of(Fault.retryable(), Fault.loseAnswer(), Fault.error())) {
      SampleExport export = world.export(Samples.keys(0, 20)).cut(3);
      FaultyBackend faulty = new FaultyBackend(world.another());
      for (BackendCall.Kind call :
          List.of(
              BackendCall.Kind.SETUP,
              BackendCall.Kind.CHUNK,
              BackendCall.Kind.FINALIZE,
              BackendCall.Kind.CANCEL)) {
        faulty.inject(BackendCall.every(call), FaultPoint.AFTER, fault);
      }
      faulty.inject(BackendCall.chunk(0, 1, 1), FaultPoint.MIDWAY, fault);
      try (SteppedCluster cluster =
          SteppedCluster.of(1, server -> server.source(world.source()).backend(faulty))) {
        JobId job = cluster.server(0).submit(world.request(export)).id();
        assertCompleted(
            world, export, cluster.finish(job), "after failures of every call but planning");
      }
    }
  }

  /** A job that is cancelled after each number of tasks ends with all or nothing. */
  @Test
  default void b13_theEngineCancelsAtEveryStep(BackendWorld world) {
    boolean more = true;
    for (int tasks = 0; more; tasks++) {
      SampleExport export = world.export(Samples.keys(0, 20)).cut(2);
      try (SteppedCluster cluster =
          SteppedCluster.of(2, server -> server.source(world.source()).backend(world.another()))) {
        JobId id = cluster.server(0).submit(world.request(export)).id();
        for (int ran = 0; ran < tasks && more; ran++) {
          more = cluster.runOnce(ran % 2);
        }
        cluster.server(1).cancel(id);
        cluster.server(0).cancel(id);
        ExportJob ended = cluster.finish(id);
        boolean merged = ended.outputs().get(0).outcome() == MergeOutcome.MERGED;
        String when = "cancelled after " + tasks + " tasks, " + ended.state();
        assertThat(ended.state())
            .as("state of a job %s", when)
            .isEqualTo(merged ? JobState.COMPLETED : JobState.CANCELLED);
        world.assertTarget(export.target(), merged ? export.rows() : Samples.none(), when);
        world.assertClean(when);
      }
    }
  }

  /** A failure for good is not tried again. */
  @Test
  default void b17_whatFailsForGoodIsNotTriedAgain(BackendWorld world) {
    SampleExport export =
        world.merges()
            ? world.export(Samples.keys(0, 3).plus(Samples.keys(1, 2)))
            : world.export(Samples.keys(0, 3));
    FaultyBackend counted = new FaultyBackend(world.another());
    if (world.fixture.existingTarget() != ExistingTarget.MERGED) {
      counted.inject(
          BackendCall.every(BackendCall.Kind.FINALIZE), FaultPoint.BEFORE, Fault.permanent());
    }
    try (SteppedCluster cluster =
        SteppedCluster.of(1, server -> server.source(world.source()).backend(counted))) {
      JobId id = cluster.server(0).submit(world.request(export)).id();
      ExportJob ended = cluster.finish(id);
      assertThat(ended.state()).as("state of a job with a key twice").isEqualTo(JobState.FAILED);
      assertThat(ended.failure().orElseThrow().last().kind())
          .as("kind of its failure")
          .isEqualTo(FailureKind.PERMANENT);
      assertThat(ended.outputs().get(0).outcome())
          .as("outcome of its merge")
          .isEqualTo(MergeOutcome.NOT_MERGED);
    }
    world.assertEmpty(export.target(), "after a job that failed");
    world.assertClean("after a job that failed");
  }
}
