// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.CleanupState;
import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.ExportOutput;
import io.viewexport.api.job.JobState;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.job.MergeOutcome;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.deltalake.testing.SourceDatabase;
import io.viewexport.deltalake.testing.workspace.WorkspaceSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that export to a workspace are killed: at each step of a job's way, and at random. The
 * workspace and its bucket live on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagedKillTest {
  /** One is enough to be killed; two also work at the same time. */
  private static final int PODS = Integer.getInteger("viewexport.pods", 1);

  private static final int ROWS = 400;
  private static final List<MergeMode> MODES = List.of(MergeMode.values());
  private static final int MANY = 40;
  private static final int LATEST_MILLIS = 6_000;
  private static final int MOST_KILLS = 3;
  private static final Duration DEADLINE = Duration.ofMinutes(4);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final String SPARK_ROW =
      "id, n, amount, flag, datediff(day, DATE'1970-01-01'), unix_micros(ts), note";

  private final S3Server s3 = S3Server.start();
  private final WorkspaceSimulator workspace =
      WorkspaceSimulator.start(s3, SparkOracle.shared(), Clock.systemUTC());
  private final Cluster cluster;
  private int jobs;

  ManagedKillTest() throws IOException {
    Path logs = Files.createDirectories(Path.of("target", "managed-kills"));
    cluster = new Cluster(Place.of(workspace, s3), logs, PODS);
  }

  @AfterAll
  void end() {
    cluster.close();
    workspace.close();
    s3.close();
  }

  /** One that exports a view to a table that is there and empty. */
  private JobSpec spec() {
    String name = "k" + ++jobs;
    MergeMode mode = MODES.get(jobs % MODES.size());
    workspace.createTarget(name, "id STRING");
    return new JobSpec(
        SourceDatabase.newSchema(),
        WorkspaceSimulator.CATALOG + "." + workspace.schema(),
        List.of(new ViewSpec(name, mode, ROWS, 2)));
  }

  private void killAt(ManagedStep step) throws InterruptedException {
    cluster.refill();
    step.stall().ifPresent(workspace.faults()::add);
    step.point().ifPresent(cluster::arm);
    ClusterJob job = ClusterJob.submit(cluster, spec(), 0);
    try {
      if (step.stall().isPresent()) {
        // Nobody knows whose call it is.
        workspace.faults().awaitStalled();
        cluster.killAll();
      } else {
        cluster.awaitHeld().kill();
      }
    } finally {
      workspace.faults().clear();
    }
    cluster.refill();
    check(awaitOver(job));
  }

  private static ClusterJob awaitOver(ClusterJob job) {
    assertThat(isRunningAfter(job, DEADLINE)).as("job %s runs", job.id()).isFalse();
    return job;
  }

  /** As after a clean run, and nothing else is left. */
  private void check(ClusterJob job) {
    ExportJob found = job.find();
    assertThat(found.state()).as("%s", found.failure()).isEqualTo(JobState.COMPLETED);
    assertThat(found.cleanup()).as("%s", found.cleanupFailure()).isEqualTo(CleanupState.DONE);
    assertThat(StateHistory.of(job.id()))
        .filteredOn(JobState::isFinal)
        .containsExactly(JobState.COMPLETED);
    ExportOutput output = found.outputs().get(0);
    assertThat(output.outcome()).isEqualTo(MergeOutcome.MERGED);
    ViewSpec view = job.spec().views().get(0);
    String table = workspace.tableName(view.name());
    Aftermath.assertSame(
        table,
        workspace.rows("SELECT " + SPARK_ROW + " FROM " + table),
        SourceDatabase.query(view.expectedSql(1)));
    assertThat(workspace.rows("DESCRIBE HISTORY " + table))
        .filteredOn(version -> version.contains("MERGE"))
        .hasSize(1);
    assertThat(workspace.registeredTables()).isEmpty();
    assertThat(stagedObjects()).isEmpty();
    cluster.assertNoConnectionLeft();
  }

  private List<Path> stagedObjects() {
    Path top = s3.folder().resolve(workspace.externalLocation().replaceFirst("^s3://[^/]+/", ""));
    if (!Files.exists(top)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "MERGE_SUBMITTED")
  void whatKilledPodsLeftIsDoneByOthers(ManagedStep step) throws InterruptedException {
    killAt(step);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void whatKilledPodsLeftAtAnyStepIsDoneByOthers(ManagedStep step) throws InterruptedException {
    killAt(step);
  }

  /** With {@code -Dviewexport.seed} as before, with {@code -Dviewexport.runs} as many as asked. */
  @Test
  @Tag("long")
  void podsAreKilledAtRandom() {
    long seed = Long.getLong("viewexport.seed", System.nanoTime());
    int runs = Integer.getInteger("viewexport.runs", MANY);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int kills = 0;
    for (int run = 0; run < runs; run++) {
      kills += randomKills(random, 1 + random.nextInt(MOST_KILLS));
    }
    System.out.println(runs + " runs, " + kills + " kills, seed " + seed);
  }

  private int randomKills(Random random, int most) {
    cluster.refill();
    ClusterJob job = ClusterJob.submit(cluster, spec(), 0);
    int kills = 0;
    while (kills < most && isRunningAfter(job, Duration.ofMillis(random.nextInt(LATEST_MILLIS)))) {
      List<Pod> awake = cluster.in(Pod.Condition.AWAKE);
      awake.get(random.nextInt(awake.size())).kill();
      kills++;
      if (random.nextBoolean() || awake.size() == 1) {
        cluster.refill();
      }
    }
    cluster.refill();
    check(awaitOver(job));
    return kills;
  }

  /** Waits so long, or until it is over. */
  private static boolean isRunningAfter(ClusterJob job, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    boolean isOver = job.isOver();
    for (long left = time.toNanos(); left > 0 && !isOver; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, PAUSE.toNanos()));
      isOver = job.isOver();
    }
    return !isOver;
  }
}
