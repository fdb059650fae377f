// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import io.viewexport.api.backend.ExportView;
import io.viewexport.api.chunk.ChunkReceipt;
import io.viewexport.api.job.JobId;
import io.viewexport.api.job.MergeCounts;
import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.RowCursor;
import io.viewexport.api.view.ViewName;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Times a chunk's pipeline against draining the same COPY into nothing, alternating in one JVM; see
 * {@link Options#USAGE}.
 */
public final class Benchmark implements AutoCloseable {
  private static final int RECORDED_ROUNDS = 5;

  private final Options options;
  private final Database database;
  private final Exporter exporter;
  private final Path directory;
  private final ExportView patients;
  private final String copy;
  private final PrintStream out;

  private long sink;

  private Benchmark(Options options, Database database) throws IOException, SQLException {
    this.options = options;
    this.database = database;
    this.out = System.out;
    this.directory =
        Files.createTempDirectory(options.directory(), "viewexport-benchmark-").toRealPath();
    this.exporter = new Exporter(database, options.compression(), directory);
    this.patients = exporter.view(Database.PATIENTS, MergeMode.INSERT, directory.resolve("none"));
    try (RowCursor rows = exporter.open(patients)) {
      this.copy = database.runningCopy();
      this.sink = rows.next() ? 1 : 0;
    }
  }

  /** Runs it; exit status 2 on wrong usage. */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
      return;
    }
    try (Database database = Database.open(options.jdbcUrl(), options.rows());
        Benchmark benchmark = new Benchmark(options, database)) {
      benchmark.run();
    }
  }

  private void run() throws Exception {
    out.println(Machine.facts());
    out.println(database.facts());
    out.println(copy);
    comparePipeline();
    if (options.recording().isPresent()) {
      profile(options.recording().get());
    }
    if (options.merges()) {
      timeMerges();
    }
    if (sink == 42) {
      out.println();
    }
  }

  private void comparePipeline() throws Exception {
    boolean alone = database.mayWriteFiles();
    Timings server = new Timings();
    Timings drain = new Timings();
    Timings cursor = new Timings();
    Timings pipeline = new Timings();
    ChunkReceipt receipt = null;
    for (int round = -options.warmUps(); round < options.rounds(); round++) {
      if (round == 0) {
        server.clear();
        drain.clear();
        cursor.clear();
        pipeline.clear();
      }
      if (alone) {
        server.time(() -> database.copyWithinServer(copy));
      }
      drain.time(this::drain);
      receipt = stage(pipeline);
      cursor.time(() -> sink += exporter.touch(patients));
    }
    if (receipt == null) {
      return;
    }
    long rows = receipt.rowCount();
    out.printf(Locale.ROOT, "%,d rows, %,d bytes staged%n", rows, receipt.byteCount());
    if (alone) {
      out.println("server    " + server.summary(rows) + " (writes to its own /dev/null)");
    }
    out.println("drain     " + drain.summary(rows));
    out.println("cursor    " + cursor.summary(rows) + ", " + ratio(drain, cursor));
    out.println("pipeline  " + pipeline.summary(rows) + ", " + ratio(drain, pipeline));
  }

  private static String ratio(Timings drain, Timings other) {
    return String.format(
        Locale.ROOT, "%.1f %% of the drain", 100 * drain.median() / other.median());
  }

  private void drain() throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      CopyOut rows = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy);
      while (rows.readFromCopy() != null) {
        sink++;
      }
      connection.rollback();
    }
  }

  private ChunkReceipt stage(Timings timings) throws Exception {
    JobId job = JobId.random();
    ChunkReceipt[] receipt = new ChunkReceipt[1];
    timings.time(() -> receipt[0] = exporter.stage(job, patients));
    deleteBelow(directory);
    return receipt[0];
  }

  private void profile(Path file) throws Exception {
    Timings recorded = new Timings();
    try (Recording recording = Profile.start()) {
      for (int round = 0; round < RECORDED_ROUNDS; round++) {
        stage(recorded);
      }
      recording.stop();
      recording.dump(file);
    }
    out.print(Profile.read(file, Thread.currentThread().getName()).summary());
  }

  private void timeMerges() throws Exception {
    for (int round = 0; round < 3; round++) {
      Path table = directory.resolve("table-" + round);
      merge("insert into an empty table", Database.PATIENTS, MergeMode.INSERT, table);
      merge("insert, a tenth new", Database.TENTH_NEW, MergeMode.INSERT, table);
      merge("upsert, a tenth changed", Database.TENTH_CHANGED, MergeMode.UPSERT, table);
      deleteBelow(directory);
    }
  }

  private void merge(String what, ViewName name, MergeMode mode, Path table) throws Exception {
    JobId job = JobId.random();
    ExportView view = exporter.view(name, mode, table);
    ChunkReceipt receipt = exporter.stage(job, view);
    Timings timings = new Timings();
    MergeCounts[] counts = new MergeCounts[1];
    timings.time(() -> counts[0] = exporter.merge(job, view, receipt).counts());
    out.printf(
        Locale.ROOT,
        "%-28s %.3f s, inserted %d, updated %d, unchanged %d%n",
        what,
        timings.median(),
        counts[0].inserted().orElse(-1),
        counts[0].updated().orElse(-1),
        counts[0].unchanged().orElse(-1));
  }

  private static void deleteBelow(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(directory)) {
          Files.delete(path);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    exporter.close();
    deleteBelow(directory);
    Files.delete(directory);
  }
}
