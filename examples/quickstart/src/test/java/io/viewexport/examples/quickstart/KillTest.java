// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewexport.api.job.MergeMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exports as processes that are killed at random moments and started again with the same arguments:
 * in the end each is done, the table holds the view's rows, and nothing is left behind.
 *
 * <p>The long one, by hand, with another number of exports or the seed of an earlier run:
 *
 * <pre>{@code
 * mvn -pl examples/quickstart -am test -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtest.excludedGroups=live -Dviewexport.kill.exports=32 -Dviewexport.kill.seed=7
 * }</pre>
 */
class KillTest {
  private static final int MOST_KILLS = 3;
  private static final int TRIES_TO_HIT = 5;

  /** A start has to get somewhere, but also the time before is tried. */
  private static final long FIRST_KILL_MILLIS = 400;

  /** How long a successor waits for what the killed one had leased. */
  private static final long LEASE_MILLIS = 5_000;

  @TempDir private Path folder = Path.of("");

  private final AtomicInteger kills = new AtomicInteger();

  @Test
  void killedExportsAreDoneInTheEnd() throws Exception {
    run(1, 1, 20_260_101L);
  }

  @Test
  @Tag("long")
  void manyKilledExportsAreDoneInTheEnd() throws Exception {
    int exports = Integer.getInteger("viewexport.kill.exports", 32);
    int rounds = (exports + MergeMode.values().length - 1) / MergeMode.values().length;
    run(rounds, MOST_KILLS, Long.getLong("viewexport.kill.seed", System.nanoTime()));
  }

  /** One series for each merge mode, all at once; two share a database and so a job store. */
  private void run(int rounds, int mostKills, long seed) throws Exception {
    Path tables = Files.createDirectory(folder.resolve("tables"));
    TestDatabase.empty();
    TestDatabase.execute("drop schema if exists viewexport cascade");
    TestDatabase.execute("drop database if exists second with (force)");
    TestDatabase.execute("create database second");
    List<KillSeries> all = new ArrayList<>();
    for (MergeMode mode : MergeMode.values()) {
      String url = TestDatabase.jdbcUrl();
      String shared = all.size() % 2 == 0 ? url : url.replace("/postgres?", "/second?");
      all.add(new KillSeries(shared, mode, tables));
    }
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    TreeSet<Path> targets = new TreeSet<>();
    try {
      List<Future<List<Path>>> running = new ArrayList<>();
      for (KillSeries series : all) {
        Random random = new Random(seed + all.indexOf(series));
        running.add(threads.submit(() -> rounds(series, rounds, mostKills, random)));
      }
      for (Future<List<Path>> future : running) {
        targets.addAll(future.get());
      }
    } finally {
      threads.shutdownNow();
      System.out.println(
          rounds * all.size() + " exports, seed " + seed + ", killed " + kills + " times");
    }
    try (Stream<Path> left = Files.list(tables)) {
      assertThat(left).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(targets);
    }
    assertThat(kills.get()).isGreaterThanOrEqualTo(rounds * all.size());
  }

  private List<Path> rounds(KillSeries series, int rounds, int mostKills, Random random)
      throws Exception {
    List<Path> targets = new ArrayList<>();
    series.create();
    for (int i = 0; i < rounds; i++) {
      series.change();
      targets.add(series.target());
      exportKilled(series, 1 + random.nextInt(mostKills), random);
      check(series);
    }
    return targets;
  }

  /** An export that ended before it could be killed is done again: it changes nothing. */
  private void exportKilled(KillSeries series, int times, Random random) throws Exception {
    Path log = folder.resolve(series.name() + ".log");
    long latest = 2_500;
    int hits = 0;
    for (int start = 0; start < times + TRIES_TO_HIT && hits < times; start++) {
      KilledRun run = KilledRun.start(series.arguments(), log);
      long millis = FIRST_KILL_MILLIS + random.nextLong(latest);
      if (run.killAfter(millis)) {
        hits++;
        kills.incrementAndGet();
        System.out.println(series.target().getFileName() + " killed after " + millis + " ms");
        latest += LEASE_MILLIS;
      } else {
        checkEnd(series, run);
        latest = Math.max(1, latest / 2);
      }
    }
    checkEnd(series, KilledRun.start(series.arguments(), log));
  }

  private static void checkEnd(KillSeries series, KilledRun run) throws Exception {
    int status = run.await();
    List<String> output = run.output();
    assertThat(status).as("%s: %s", series.name(), output).isZero();
    assertThat(output.get(output.size() - 3)).isEqualTo("rows: " + series.viewRows());
    assertThat(output.get(output.size() - 2)).isEqualTo("table: " + series.target());
    assertThat(output.get(output.size() - 1)).startsWith("seconds: ");
  }

  private static void check(KillSeries series) throws SQLException, IOException {
    assertThat(series.found()).as(series.name()).isEqualTo(series.expected());
    Path target = series.target();
    assertThat(target.resolveSibling(target.getFileName() + ".viewexport-staging")).doesNotExist();
    assertThat(dataFiles(target)).as(series.name()).isSubsetOf(filesOfLog(target));
    try (Stream<Path> log = Files.list(target.resolve("_delta_log"))) {
      assertThat(log)
          .as(series.name())
          .allSatisfy(
              file ->
                  assertThat(file.getFileName().toString())
                      .matches("[0-9]{20}\\..*(json|parquet|crc)|_last_checkpoint"));
    }
  }

  /** What lies in the table's folder beside the log. */
  private static Set<String> dataFiles(Path target) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(target)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("_delta_log"))
          .forEach(names::add);
    }
    return names;
  }

  /** Every file that the log ever named. */
  private static Set<String> filesOfLog(Path target) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Set<String> names = new TreeSet<>();
    try (Stream<Path> versions = Files.list(target.resolve("_delta_log"))) {
      for (Path version : versions.filter(file -> file.toString().endsWith(".json")).toList()) {
        for (String line : Files.readAllLines(version)) {
          JsonNode path = json.readTree(line).path("add").path("path");
          if (path.isTextual()) {
            names.add(path.asText());
          }
        }
      }
    }
    return names;
  }
}
