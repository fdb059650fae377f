// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewexport.api.job.ExportJob;
import io.viewexport.api.job.MergeMode;
import io.viewexport.deltalake.oracle.SparkOracle;
import io.viewexport.deltalake.testing.SourceDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several writers of one table at once: two services that know nothing of each other, and Spark.
 */
class SharedTargetTest {
  private static final int ROUNDS = 3;
  private static final int FOREIGN_INSERTS = 4;

  @TempDir Path folder = Path.of("");
  private String schema = "";

  @BeforeEach
  void makeViews() {
    schema = SourceDatabase.newSchema();
    SourceDatabase.execute(
        "create table " + schema + ".round (n int)",
        "insert into " + schema + ".round values (0)",
        view("low", 0),
        view("high", 300));
  }

  /** 600 keys, the later ones new in each round; all rows change their time with the round. */
  private String view(String name, int first) {
    return "create view "
        + schema
        + "."
        + name
        + " as select 'k' || (g + 200 * n) as id, timestamptz 'epoch' + n * interval '1 day' as ts,"
        + " n from "
        + schema
        + ".round, generate_series("
        + first
        + ", "
        + (first + 599)
        + ") g";
  }

  @ParameterizedTest
  @EnumSource
  void noRowIsDoubledOrLost(MergeMode mode) throws Exception {
    try (ExportLab one = ExportLab.open(folder, schema);
        ExportLab two = ExportLab.open(folder, schema)) {
      create(one.table("t"));
      for (int round = 0; round < ROUNDS; round++) {
        SourceDatabase.execute("update " + schema + ".round set n = " + round);
        exportAtOnce(one, two, mode, round);
      }
      List<List<@Nullable String>> found =
          SparkOracle.shared()
              .query(
                  "SELECT count(*), count(DISTINCT id, ts), count(DISTINCT id),"
                      + " count_if(id LIKE 'foreign%'), sum(n) FROM "
                      + SparkOracle.table(one.table("t")));
      assertThat(found).containsExactly(expected(mode));
      assertThat(folder).isDirectoryNotContaining(path -> !path.equals(one.table("t")));
    }
  }

  /** Keys 0 to 899, 200 to 1099, 400 to 1299 in the three rounds, and what Spark adds. */
  private static List<String> expected(MergeMode mode) {
    int foreign = ROUNDS * FOREIGN_INSERTS;
    int keys = 1300 + foreign;
    return switch (mode) {
      case INSERT -> List.of("" + keys, "" + keys, "" + keys, "" + foreign, "" + (200 + 2 * 200));
      case UPSERT, REPLACE ->
          List.of("" + keys, "" + keys, "" + keys, "" + foreign, "" + (200 + 2 * 900));
      case HISTORY -> {
        String rows = "" + (3 * 900 + foreign);
        yield List.of(rows, rows, "" + keys, "" + foreign, "" + (900 + 2 * 900));
      }
    };
  }

  private static void create(Path table) {
    SparkOracle.shared()
        .execute(
            "CREATE TABLE "
                + SparkOracle.table(table)
                + " (id STRING, ts TIMESTAMP, n INT, is_deleted INT) USING delta");
  }

  private static void exportAtOnce(ExportLab one, ExportLab two, MergeMode mode, int round)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    CyclicBarrier together = new CyclicBarrier(3);
    try {
      List<Future<ExportJob>> exports = new ArrayList<>();
      exports.add(
          threads.submit(
              () -> {
                together.await();
                return one.exported("low", "t", mode);
              }));
      exports.add(
          threads.submit(
              () -> {
                together.await();
                return two.exported("high", "t", mode);
              }));
      together.await();
      for (int i = 0; i < FOREIGN_INSERTS; i++) {
        SparkOracle.shared()
            .execute(
                "INSERT INTO "
                    + SparkOracle.table(one.table("t"))
                    + " (id, ts, n) VALUES ('foreign"
                    + (round * FOREIGN_INSERTS + i)
                    + "', TIMESTAMP '2001-01-01', 0)");
      }
      for (Future<ExportJob> export : exports) {
        export.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void twoMakeOneTable() throws Exception {
    try (ExportLab one = ExportLab.open(folder, schema);
        ExportLab two = ExportLab.open(folder, schema)) {
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Future<ExportJob> first = threads.submit(() -> one.exported("low", "t", MergeMode.INSERT));
        Future<ExportJob> second =
            threads.submit(() -> two.exported("high", "t", MergeMode.INSERT));
        first.get();
        second.get();
      } finally {
        threads.shutdownNow();
      }
      assertThat(
              SparkOracle.shared()
                  .query(
                      "SELECT count(*), count(DISTINCT id) FROM "
                          + SparkOracle.table(one.table("t"))))
          .containsExactly(List.of("900", "900"));
      assertThat(folder).isDirectoryNotContaining(path -> !path.equals(one.table("t")));
    }
  }
}
