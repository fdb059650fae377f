// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.ExportException;
import io.viewexport.api.backend.BackendParameter;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.backend.ExportPlan;
import io.viewexport.api.chunk.AcceptedReceipt;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.testkit.FaultyCursor;
import io.viewexport.testkit.ManualJob;
import io.viewexport.testkit.WriteGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What backends take, and give back. */
interface ResourceRules {
  Duration SOON = Duration.ofSeconds(5);
  Duration UNTIL_IT_STANDS = Duration.ofSeconds(60);

  /** Several times as many bytes as may be kept, all different. */
  @Test
  default void b16_memoryIsBoundedWhateverTheNumberOfRows(BackendWorld world) {
    long bound = memoryPerChunk(world);
    ManualJob job = world.job(world.export(Samples.none()));
    job.plan(world.backend);
    job.setup(world.backend, 0);
    NoiseCursor noise = new NoiseCursor(Samples.SCHEMA, 4 * bound);
    world.reading(cursor -> noise);
    job.chunk(world.backend, 0, 0);
    world.reading(cursor -> cursor);
    assertThat(noise.grown())
        .as(
            "bytes of memory taken after %d bytes of rows; the fixture's memoryPerChunk() allows %d"
                + " (and is empty where the place itself lies in this JVM's memory)",
            noise.bytes(), bound)
        .isLessThan(bound + 2 * 1024 * 1024);
    job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    world.assertClean("after a large chunk");
  }

  private static long memoryPerChunk(BackendWorld world) {
    return world
        .fixture
        .memoryPerChunk()
        .orElseGet(() -> Assumptions.abort("the fixture's memoryPerChunk() is empty"));
  }

  /** Nothing can be written for a while: reading must come to a stand, too. */
  @Test
  default void b23_aSlowTargetSlowsTheSource(BackendWorld world) {
    WriteGate gate =
        world
            .fixture
            .writeGate()
            .orElseGet(() -> Assumptions.abort("the fixture has no writeGate()"));
    long bound = memoryPerChunk(world);
    ManualJob job = world.job(world.export(Samples.none()));
    job.plan(world.backend);
    job.setup(world.backend, 0);
    NoiseCursor noise = new NoiseCursor(Samples.SCHEMA, 2 * bound);
    world.reading(cursor -> noise);
    gate.shut();
    Meanwhile<AcceptedReceipt> chunk =
        new Meanwhile<>(() -> job.chunk(world.backend, 0, 0), UNTIL_IT_STANDS);
    try {
      chunk.run();
      assertThat(noise.bytes())
          .as("bytes read while none could be written; %d are allowed", bound)
          .isLessThan(bound);
    } finally {
      gate.open();
      chunk.await();
    }
    assertThat(chunk.result().receipt().rowCount())
        .as("rows of the chunk once they could be written")
        .isEqualTo(noise.rowCount());
    world.reading(cursor -> cursor);
    job.cleanUp(world.backend, JobState.CANCELLED, MergeOutcome.NOT_MERGED);
    world.assertClean("after a chunk to a slow target");
  }

  @Test
  default void b23_theCursorIsReadByOneThreadAndNotClosed(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 2000));
    ManualJob job = world.job(export);
    job.plan(world.backend);
    job.setup(world.backend, 0);
    List<CursorWatch> watched = new ArrayList<>();
    List<Integer> readsAtEnd = new ArrayList<>();
    for (long failing : new long[] {1000, Long.MAX_VALUE, -1}) {
      world.reading(
          cursor -> {
            CursorWatch watch = new CursorWatch(faulty(new FaultyCursor(cursor), failing));
            watched.add(watch);
            return watch;
          });
      Failures.whatever(() -> job.chunk(world.backend, 0, 0));
      CursorWatch last = watched.get(watched.size() - 1);
      assertThat(last.closes())
          .as("how often the cursor was closed, once by its owner")
          .isEqualTo(1);
      readsAtEnd.add(last.reads());
    }
    world.reading(cursor -> cursor);
    for (int i = 0; i < watched.size(); i++) {
      assertThat(watched.get(i).readers()).as("threads that read rows").hasSize(1);
      assertThat(watched.get(i).reads())
          .as("rows asked for after the chunk was over")
          .isEqualTo(readsAtEnd.get(i));
    }
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after attempts that failed");
  }

  private static FaultyCursor faulty(FaultyCursor cursor, long row) {
    return row < 0
        ? cursor
        : cursor.fail(
            row, () -> ExportException.retryable("source-lost", "The source broke off.", null));
  }

  @Test
  default void b24_aClosedBackendLeavesNoThreadAndNoFile(BackendWorld world) {
    use(world, 2);
    Set<Thread> before = threads();
    long files = OpenFiles.count();
    int rounds = 6;
    use(world, rounds);
    awaitEnd(before);
    assertThat(threadsSince(before)).as("threads that are left by closed backends").isEmpty();
    assertThat(OpenFiles.count() - files)
        .as("files that are left open by %d closed backends", rounds)
        .isLessThan(rounds);
  }

  private static void use(BackendWorld world, int rounds) {
    for (int round = 0; round < rounds; round++) {
      ExportBackend server = world.fixture.openBackend();
      exportOn(server, world);
      server.close();
      server.close();
    }
  }

  private static void exportOn(ExportBackend server, BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 50)).cut(2);
    ManualJob job = world.job(export);
    job.plan(server);
    job.setup(server, 0);
    world.reading(cursor -> faulty(new FaultyCursor(cursor), 5));
    Failures.whatever(() -> job.chunk(server, 0, 0));
    world.reading(cursor -> cursor);
    job.chunk(server, 0, 0);
    job.chunk(server, 0, 1);
    job.merge(server, 0);
    job.cleanUp(server, JobState.COMPLETED, MergeOutcome.MERGED);
  }

  /** What an export leaves until its server is closed adds up on one that runs for months. */
  @Test
  default void b24_exportsOnOneServerLeaveNoThreadAndNoFile(BackendWorld world) {
    int rounds = 8;
    for (int warmUp = 0; warmUp < 3; warmUp++) {
      exportOn(world.backend, world);
    }
    Set<Thread> before = threads();
    long files = OpenFiles.count();
    for (int round = 0; round < rounds; round++) {
      exportOn(world.backend, world);
    }
    if (threadsSince(before).size() >= rounds) {
      awaitEnd(before);
    }
    assertThat(threadsSince(before))
        .as("threads more after %d more exports on one server", rounds)
        .hasSizeLessThan(rounds);
    assertThat(OpenFiles.count() - files)
        .as("open files more after %d more exports on one server", rounds)
        .isLessThan(rounds);
  }

  private static List<Thread> threadsSince(Set<Thread> before) {
    return threads().stream().filter(thread -> !before.contains(thread)).toList();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !isJvms(thread))
        .collect(Collectors.toSet());
  }

  private static boolean isJvms(Thread thread) {
    ThreadGroup group = thread.getThreadGroup();
    return group == null
        || group.getParent() == null
        || thread.getName().startsWith("ForkJoinPool.commonPool")
        || thread.getName().startsWith("junit-");
  }

  /** Threads that are told to end may take a moment. */
  private static void awaitEnd(Set<Thread> before) {
    long deadline = System.nanoTime() + SOON.toNanos();
    for (Thread thread : threads()) {
      long left = deadline - System.nanoTime();
      if (!before.contains(thread) && left > 0) {
        try {
          thread.join(Math.max(1, left / 1_000_000));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  @Test
  default void b24_oneBackendsEndIsNotAnothers(BackendWorld world) {
    ExportBackend other = world.another();
    SampleExport export = world.export(Samples.keys(0, 5));
    ManualJob job = world.job(export).stage(other);
    other.close();
    other.close();
    job.merge(world.backend, 0);
    world.assertTarget(export.target(), export.rows(), "after another server has closed");
    world.fixture.openBackend().close();
  }

  @Test
  default void b27_theExclusionKeyNamesTheTarget(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 2));
    SampleExport elsewhere = world.export(Samples.keys(0, 2));
    String key = key(world, world.backend, export);
    assertThat(key(world, world.another(), SampleExport.of(export.target(), Samples.none()).cut(3)))
        .as("the exclusion key of another job, view and server for the same target")
        .isEqualTo(key);
    assertThat(key(world, world.backend, elsewhere))
        .as("the exclusion key of another target")
        .isNotEqualTo(key);
    assertThat(key).as("an exclusion key").hasSizeLessThanOrEqualTo(1024);
    world.run(export);
    assertThat(key(world, world.backend, export))
        .as("the exclusion key once the target is there")
        .isEqualTo(key);
  }

  private static String key(BackendWorld world, ExportBackend server, SampleExport export) {
    ExportPlan plan = world.job(export).plan(server);
    return plan.views().get(0).exclusionKey();
  }

  @Test
  default void b28_aPlanHasTheChunksThatWereAskedFor(BackendWorld world) {
    for (int count : new int[] {1, 2, 7}) {
      ExportPlan plan = world.job(world.export(Samples.keys(0, 2)).cut(count)).plan(world.backend);
      assertThat(plan.views()).as("views planned").hasSize(1);
      assertThat(plan.views().get(0).chunkCount()).as("chunks planned").isEqualTo(count);
    }
  }

  @Test
  default void b28_bytesAreReportedAndCounted(BackendWorld world) {
    SampleExport export = world.export(Samples.keys(0, 3000)).cut(2);
    ManualJob job = world.job(export).stage(world.backend);
    long counted =
        job.receipts(0).stream().mapToLong(accepted -> accepted.receipt().byteCount()).sum();
    assertThat(counted).as("bytes that the receipts count").isPositive();
    assertThat(job.contexts().bytesWritten()).as("bytes reported").isEqualTo(counted);
  }

  @Test
  default void b28_theBackendDescribesItself(BackendWorld world) {
    ExportBackend other = world.another();
    assertThat(world.backend.kind()).as("kind").matches("[a-z0-9]+(-[a-z0-9]+)*");
    assertThat(other.kind()).as("kind").isEqualTo(world.backend.kind());
    assertThat(other.capabilities())
        .as("capabilities of another server")
        .isEqualTo(world.backend.capabilities());
    Set<String> described =
        other.parameters().stream().map(BackendParameter::name).collect(Collectors.toSet());
    assertThat(described)
        .as("names of the parameters described")
        .hasSize(other.parameters().size())
        .containsAll(world.fixture.parameters(world.newTarget()).keySet());
    assertThat(other.parameters())
        .as("documentation of parameters")
        .noneMatch(parameter -> parameter.documentation().isBlank());
  }
}
