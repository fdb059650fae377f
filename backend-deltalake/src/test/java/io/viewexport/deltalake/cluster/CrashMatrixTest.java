// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.cluster;

import io.viewexport.api.job.JobState;
import io.viewexport.deltalake.testing.RowComparison;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Servers that are killed, or frozen and thawed when it is too late: at each point of a job's way,
 * and at random.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashMatrixTest {
  private static final int PODS = 3;
  private static final int FEW = 4;
  private static final long FEW_SEED = 20_261_122;
  private static final int MANY = 200;
  private static final int ROWS = 400;

  /** There the table is the view's equal. */
  private static final Set<Point> SEEN_BY_SPARK =
      EnumSet.of(Point.CHUNK_COMMITTED, Point.AFTER_COMMIT);

  private final Path root;
  private final Cluster cluster;

  CrashMatrixTest(@TempDir Path root) throws IOException {
    this.root = root;
    Path logs = Files.createDirectories(Path.of("target", "crash-matrix"));
    cluster = new Cluster(Place.ofFolder(root), logs, PODS);
  }

  @AfterAll
  void endCluster() {
    cluster.close();
  }

  /** A job at a point, and the pod that is held up there. */
  private record Scene(ClusterJob job, Pod pod) {}

  /** What happens then, up to the job's end. */
  private interface Plot {
    void play(Scene scene) throws IOException;
  }

  /** One view, whose mode depends on the point. Its table is new there, or is not. */
  private void at(Point point, Plot plot) throws IOException {
    String schema = SourceDatabase.newSchema();
    List<ViewSpec> views = List.of(new ViewSpec("only", point.mode(), ROWS, 2));
    JobSpec spec = new JobSpec(schema, Files.createDirectory(root.resolve(schema)), views);
    boolean ended = false;
    try {
      cluster.refill();
      int round = isOfMerge(point) ? 1 : 0;
      if (round > 0) {
        ClusterJob.submit(cluster, spec, 0).awaitOver();
      }
      cluster.arm(point);
      ClusterJob job = ClusterJob.submit(cluster, spec, round);
      plot.play(new Scene(job, cluster.awaitHeld()));
      ended = true;
    } finally {
      if (!ended) {
        cluster.killAll();
      }
    }
  }

  private static boolean isOfMerge(Point point) {
    return point.compareTo(Point.IN_COMMIT) >= 0 && point.compareTo(Point.STORE_TOLD) <= 0;
  }

  private void killAt(Point point) throws IOException {
    at(
        point,
        scene -> {
          scene.pod().kill();
          Aftermath.checkCompleted(scene.job().awaitOver());
          if (SEEN_BY_SPARK.contains(point)) {
            JobSpec spec = scene.job().spec();
            ViewSpec view = spec.views().get(0);
            RowComparison.assertSame(spec.schema() + "." + view.name(), spec.table(view));
          }
        });
  }

  private void cancelAndKillAt(Point point) throws IOException {
    at(
        point,
        scene -> {
          scene.job().cancel();
          scene.pod().kill();
          Aftermath.check(scene.job().awaitOver(), endOfCancelled(point));
        });
  }

  private void freezeAt(Point point) throws IOException {
    at(
        point,
        scene -> {
          scene.pod().freeze();
          scene.job().awaitOver();
          wake(scene);
          Aftermath.checkCompleted(scene.job());
        });
  }

  private void freezeAndCancelAt(Point point) throws IOException {
    at(
        point,
        scene -> {
          scene.pod().freeze();
          scene.job().cancel();
          scene.job().awaitOver();
          wake(scene);
          Aftermath.check(scene.job(), endOfCancelled(point));
        });
  }

  /** Wakes the pod, has it end all that it was at, and compares. */
  private static void wake(Scene scene) {
    Picture before = scene.job().picture();
    scene.pod().thaw();
    scene.pod().tell("renew", "renewed");
    scene.job().picture().assertSameAs(before);
  }

  private static JobState endOfCancelled(Point point) {
    return point.compareTo(Point.AFTER_COMMIT) < 0 ? JobState.CANCELLED : JobState.COMPLETED;
  }

  @ParameterizedTest
  @EnumSource
  void whatAKilledPodLeftIsDoneByOthers(Point point) throws IOException {
    killAt(point);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "CLAIMED",
        "IN_CHUNK",
        "CHUNK_COMMITTED",
        "MERGE_WRITTEN",
        "IN_COMMIT",
        "MERGED",
        "BEFORE_CLEANUP"
      })
  void aFrozenPodChangesNothingWhenItWakes(Point point) throws IOException {
    freezeAt(point);
  }

  @ParameterizedTest
  @EnumSource(names = {"IN_CHUNK", "IN_COMMIT", "AFTER_COMMIT", "BEFORE_CLEANUP"})
  void aCancelledJobWhosePodIsKilledEndsAsItsTargetIs(Point point) throws IOException {
    cancelAndKillAt(point);
  }

  @ParameterizedTest
  @EnumSource(names = {"IN_CHUNK", "IN_COMMIT"})
  void aCancelledJobWhosePodWasFrozenStaysAsItEnded(Point point) throws IOException {
    freezeAndCancelAt(point);
  }

  @Test
  void fewRandomFaults() throws IOException {
    randomRuns(FEW, FEW_SEED);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void aFrozenPodChangesNothingWhereverItWas(Point point) throws IOException {
    freezeAt(point);
  }

  /** Not where a pod holds the job's row: there a cancel waits. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "TELLING_STORE")
  @Tag("long")
  void cancelsAtEachPoint(Point point) throws IOException {
    cancelAndKillAt(point);
    freezeAndCancelAt(point);
  }

  /**
   * By hand, with any number of runs and the seed of an earlier time: see README.md, Tests. A
   * failure says how to repeat it.
   */
  @Test
  @Tag("long")
  void manyRandomFaults() throws IOException {
    int runs = Integer.getInteger("viewexport.runs", MANY);
    randomRuns(runs, Long.getLong("viewexport.seed", System.nanoTime()));
  }

  private void randomRuns(int runs, long seed) throws IOException {
    Integer only = Integer.getInteger("viewexport.run");
    int first = only == null ? 0 : only;
    int end = only == null ? runs : only + 1;
    int kills = 0;
    int freezes = 0;
    long start = System.nanoTime();
    System.out.println("seed " + seed);
    for (int number = first; number < end; number++) {
      RandomRun run = new RandomRun(cluster, root, seed, number);
      try {
        run.run();
      } catch (AssertionError | RuntimeException e) {
        cluster.killAll();
        String again = "-Dviewexport.seed=%d -Dviewexport.run=%d%n%s";
        throw new AssertionError(again.formatted(seed, number, run), e);
      }
      kills += run.kills();
      freezes += run.freezes();
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    String figures = "%d runs, %d kills, %d freezes, %d s, seed %d";
    System.out.println(figures.formatted(end - first, kills, freezes, seconds, seed));
  }
}
