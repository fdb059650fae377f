// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.benchmark;

import io.viewexport.deltalake.DeltaLakeConfig.Compression;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param rows of the table
 * @param rounds that count
 * @param warmUps rounds before them
 * @param compression of the files
 * @param jdbcUrl a database to use, with the table or without; empty: one of the program's own
 * @param directory in which tables are written, and deleted again
 * @param recording where a flight recording of the pipeline goes; empty: none
 * @param merges whether merges are timed, too
 */
record Options(
    long rows,
    int rounds,
    int warmUps,
    Compression compression,
    Optional<String> jdbcUrl,
    Path directory,
    Optional<Path> recording,
    boolean merges) {

  static final String USAGE =
      """
      examples/benchmark/run [options]
        --rows N             rows of the table (2000000)
        --rounds N           rounds that count (7)
        --warm-ups N         rounds before them (3)
        --compression C      zstd (default) or snappy
        --jdbc URL           measure against this database; the schema viewexport_benchmark is
                             created there if it is missing, and stays
        --directory DIR      where tables are written (the system's temporary folder)
        --jfr FILE           record five more pipelines and say where their time went
        --merges             time merges, too
      """;

  /** Reads the command line; throws {@link IllegalArgumentException} on what it does not know. */
  static Options parse(String[] arguments) {
    Deque<String> rest = new ArrayDeque<>(List.of(arguments));
    Options options =
        new Options(
            2_000_000,
            7,
            3,
            Compression.ZSTD,
            Optional.empty(),
            Path.of(System.getProperty("java.io.tmpdir")),
            Optional.empty(),
            false);
    while (!rest.isEmpty()) {
      String name = rest.remove();
      options =
          name.equals("--merges") ? options.withMerges() : options.with(name, value(name, rest));
    }
    if (options.rows < 1 || options.rounds < 1 || options.warmUps < 0) {
      throw new IllegalArgumentException("there must be rows and rounds");
    }
    return options;
  }

  private static String value(String name, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a value, or is unknown");
    }
    return rest.remove();
  }

  private Options withMerges() {
    return new Options(rows, rounds, warmUps, compression, jdbcUrl, directory, recording, true);
  }

  private Options with(String name, String value) {
    long newRows = name.equals("--rows") ? Long.parseLong(value) : rows;
    int newRounds = name.equals("--rounds") ? Integer.parseInt(value) : rounds;
    int newWarmUps = name.equals("--warm-ups") ? Integer.parseInt(value) : warmUps;
    Compression newCompression =
        name.equals("--compression")
            ? Compression.valueOf(value.toUpperCase(Locale.ROOT))
            : compression;
    Optional<String> newUrl = name.equals("--jdbc") ? Optional.of(value) : jdbcUrl;
    Path newDirectory = name.equals("--directory") ? Path.of(value) : directory;
    Optional<Path> newRecording = name.equals("--jfr") ? Optional.of(Path.of(value)) : recording;
    if (!List.of(
            "--rows", "--rounds", "--warm-ups", "--compression", "--jdbc", "--directory", "--jfr")
        .contains(name)) {
      throw new IllegalArgumentException("unknown: " + name);
    }
    return new Options(
        newRows, newRounds, newWarmUps, newCompression, newUrl, newDirectory, newRecording, merges);
  }
}
