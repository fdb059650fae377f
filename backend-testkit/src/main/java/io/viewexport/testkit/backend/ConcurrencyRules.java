// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.viewexport.api.ExportException;
import io.viewexport.api.FailureKind;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.internal.Race;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens at the same time. */
interface ConcurrencyRules {
  int THREADS = 4;

  /** Threads of one server, in step row by row: what they share gets mixed up. */
  @Test
  default void b18_chunksOfOneServerAreWrittenInStep(BackendWorld world) {
    List<SampleExport> exports = new ArrayList<>();
    List<ManualJob> jobs = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      SampleRows rows = SampleRows.generate(SampleRows.EVERY_TYPE, 40, i);
      exports.add(world.export(rows));
      ManualJob job = world.job(exports.get(i));
      job.plan(world.backend);
      job.setup(world.backend, 0);
      jobs.add(job);
    }
    CyclicBarrier step = new CyclicBarrier(THREADS);
    world.reading(
        cursor -> {
          FaultyCursor stepped = new FaultyCursor(cursor);
          for (int row = 0; row < 40; row++) {
            stepped.at(row, () -> await(step));
          }
          return stepped;
        });
    Race.of(THREADS, number -> jobs.get(number).chunk(world.backend, 0, 0));
    world.reading(cursor -> cursor);
    Race.of(THREADS, number -> mergeAtLast(jobs.get(number), world.backend));
    for (SampleExport export : exports) {
      world.assertTarget(export.target(), export.rows(), "after jobs in step");
    }
    Race.of(
        THREADS,
        number -> {
          jobs.get(number).cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
          return true;
        });
    world.assertClean("after jobs in step");
  }

  private static void await(CyclicBarrier step) {
    try {
      step.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException alone) {
      throw new AssertionError(
          "chunks that run at the same time did not come along with this one in 20 s: they failed,"
              + " or wait for a lock that is held while rows are read",
          alone);
    } catch (BrokenBarrierException another) {
      return;
    }
  }

  @Test
  default void b18_chunksOfOneViewRunAtOnceOnSeveralServers(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 800)).cut(8);
    ManualJob job = world.job(export);
    List<ExportBackend> servers = List.of(world.backend, world.another());
    job.plan(world.backend);
    Race.of(
        THREADS,
        number -> {
          job.setup(servers.get(number % 2), 0);
          return true;
        });
    Race.of(
        THREADS,
        number -> {
          for (int chunk = number; chunk < 8; chunk += THREADS) {
            job.lateChunk(servers.get(chunk % 2), 0, chunk);
            job.chunk(servers.get(number % 2), 0, chunk);
          }
          return true;
        });
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after chunks at once");
    job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertClean("after chunks at once");
  }

  /** The same chunk by a frozen worker and its successor, row by row. */
  @Test
  default void b04_attemptsAtOneChunkRunAtOnce(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 30));
    ManualJob job = world.job(export);
    ExportBackend other = world.another();
    job.plan(world.backend);
    job.setup(world.backend, 0);
    CyclicBarrier step = new CyclicBarrier(2);
    world.reading(
        cursor -> {
          FaultyCursor stepped = new FaultyCursor(cursor);
          for (int row = 0; row < 30; row++) {
            stepped.at(row, () -> await(step));
          }
          return stepped.atEnd(() -> await(step));
        });
    Race.of(2, number -> number == 0 ? job.lateChunk(world.backend, 0, 0) : job.chunk(other, 0, 0));
    world.reading(cursor -> cursor);
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after two attempts in step");
    job.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertClean("after two attempts in step");
  }

  /** Jobs of different servers into one target: none is lost, no key twice. */
  @ParameterizedTest
  @EnumSource
  default void b18_jobsIntoOneTargetAtOnce(MergeMode mode, BackendWorld world) {
    if (!world.modes().contains(mode)) {
      world.noteRefused();
      return;
    }
    String target = world.newTarget();
    List<SampleExport> exports = new ArrayList<>();
    List<ManualJob> jobs = new ArrayList<>();
    List<ExportBackend> servers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      exports.add(SampleExport.of(target, Samples.keys(i * 3, i * 3 + 6)).mode(mode));
      servers.add(world.another());
      jobs.add(world.job(exports.get(i)));
    }
    if (world.fixture.existingTarget() == ExistingTarget.MERGED) {
      for (int i = 0; i < THREADS; i++) {
        jobs.get(i).stage(servers.get(i));
      }
      Race.of(THREADS, number -> mergeAtLast(jobs.get(number), servers.get(number)));
      Set<List<@Nullable Object>> all = new HashSet<>();
      exports.forEach(export -> all.addAll(export.rows().rows()));
      world.assertTarget(
          target, new SampleRows(Samples.SCHEMA, List.copyOf(all)), "after jobs into one target");
    } else {
      world.noteRefused();
    }
  }

  /** Whoever loses a race tries again, as the engine does. */
  private static boolean mergeAtLast(ManualJob job, ExportBackend server) {
    for (int attempt = 0; attempt < 30; attempt++) {
      Throwable thrown = catchThrowable(() -> job.merge(server, 0));
      if (thrown == null) {
        return true;
      }
      assertThat(thrown).as("what a merge throws that lost").isInstanceOf(ExportException.class);
      assertThat(((ExportException) thrown).kind())
          .as("kind of failure of a merge that lost")
          .isNotEqualTo(FailureKind.PERMANENT);
    }
    throw new AssertionError("a merge lost 30 times");
  }

  /** Two exports that share a staging area and are each other's noise. */
  @Test
  default void b18_aCleanUpGoesByWhileOthersStage(BackendWorld world) {
    SampleExport first = world.export(Samples.keys(0, 30)).cut(2);
    SampleExport second = world.export(Samples.keys(0, 30)).cut(2);
    ManualJob ending = world.job(first).stage(world.backend);
    ManualJob going = world.job(second);
    going.plan(world.backend);
    going.setup(world.backend, 0);
    ExportBackend other = world.another();
    world.reading(
        cursor ->
            new FaultyCursor(cursor)
                .at(3, () -> ending.cleanUp(other, JobState.CANCELLED, MergeOutcome.NOT_MERGED)));
    going.chunk(world.backend, 0, 0);
    going.chunk(world.backend, 0, 1);
    world.reading(cursor -> cursor);
    going.merge(world.backend, 0);
    world.assertTarget(second.target(), second.rows(), "with another job's clean-up in between");
    going.cleanUp(world.backend, JobState.COMPLETED, MergeOutcome.MERGED);
    world.assertClean("after both");
  }

  /** A reader that never sleeps, and asks nobody when it may look. */
  @Test
  default void b06_aReaderBesideAMergeSeesAllOfItOrNothing(BackendWorld world) {
    int rows = 2000;
    for (int round = 0; round < 3; round++) {
      SampleExport export = world.export(Samples.keys(0, rows)).cut(2);
      ManualJob job = world.job(export).stage(world.backend);
      AtomicBoolean merged = new AtomicBoolean();
      Set<Integer> seen = new TreeSet<>();
      Race.of(
          2,
          number -> {
            if (number == 0) {
              try {
                job.merge(world.backend, 0);
              } finally {
                merged.set(true);
              }
              return true;
            }
            while (!merged.get() && Race.goesOn()) {
              look(world, export.target()).ifPresent(seen::add);
            }
            return true;
          });
      assertThat(seen).as("numbers of rows seen in the target during a merge").isSubsetOf(0, rows);
    }
  }

  /** A look that fails, as what it looks at is just changing, has seen nothing. */
  private static Optional<Integer> look(BackendWorld world, String target) {
    try {
      return Optional.of(world.rows(target, Samples.SCHEMA).size());
    } catch (RuntimeException changing) {
      return Optional.empty();
    }
  }

  /** Who reads the target while it is merged sees all of it or nothing. */
  @Test
  default void b06_readersNeverSeeAPart(BackendWorld world) {
    AtUse.each(
        use -> {
          SampleExport export = world.export(Samples.keys(0, 40)).cut(3);
          ManualJob job = world.job(export).stage(world.backend);
          int[] seen = {-1};
          AtUse look =
              new AtUse(use, () -> seen[0] = world.rows(export.target(), Samples.SCHEMA).size());
          job.contexts().onUse(look);
          job.merge(world.backend, 0);
          boolean struck = look.end();
          if (struck) {
            assertThat(seen[0])
                .as("rows seen in the target at step %d of finalize", use)
                .isIn(0, 40);
          }
          return look;
        });
  }
}
