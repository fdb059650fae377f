// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.quickstart;

import io.viewexport.api.job.MergeMode;
import io.viewexport.api.view.ViewName;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads the command line. */
final class ArgumentParser {
  /** The most chunks: each needs a connection of its own. */
  static final int MAX_CHUNKS = 64;

  static final ViewName SAMPLE_VIEW = new ViewName("sof", "observation_flat");
  static final int SAMPLE_ROWS = 100_000;

  private static final int DEFAULT_CHUNKS = 4;
  private static final Set<String> REPEATABLE = Set.of("--resources");
  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "--jdbc",
              "--view",
              "--out",
              "--chunks",
              "--key",
              "--timestamp",
              "--merge-mode",
              "--since",
              "--since-file",
              "--store",
              "--resources",
              "--create-view",
              "--rows"));

  private final Map<String, List<String>> given = new HashMap<>();
  private final Path directory;

  private ArgumentParser(List<String> arguments, Path directory) {
    this.directory = directory;
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      int equals = name.startsWith("--") ? name.indexOf('=') : -1;
      if (equals > 0) {
        add(name.substring(0, equals), name.substring(equals + 1));
        i--;
      } else {
        checkName(name);
        if (i + 1 == arguments.size()) {
          throw new UsageException(name + " needs a value");
        }
        add(name, arguments.get(i + 1));
      }
    }
  }

  /**
   * Reads arguments.
   *
   * @param directory what relative paths start from
   * @throws UsageException where they make no command
   * @throws QuickstartException where they make a command that is refused
   */
  static Arguments parse(List<String> arguments, Path directory) {
    return new ArgumentParser(arguments, directory.toAbsolutePath()).arguments();
  }

  private void add(String name, String value) {
    checkName(name);
    if (value.isBlank()) {
      throw new UsageException(name + " needs a value");
    }
    List<String> values = given.computeIfAbsent(name, any -> new ArrayList<>());
    if (!values.isEmpty() && !REPEATABLE.contains(name)) {
      throw new UsageException(name + " is given twice");
    }
    values.add(value);
  }

  private static void checkName(String name) {
    if (!name.startsWith("--")) {
      // Not quoted: it may be a secret that a shell split off.
      throw new UsageException("an argument stands where an option such as --view is expected");
    }
    if (!NAMES.contains(name)) {
      throw new UsageException("there is no option " + name.replaceAll("[^A-Za-z0-9-].*", "…"));
    }
  }

  private Arguments arguments() {
    Optional<JdbcUrl> database = find("--jdbc").map(JdbcUrl::new);
    checkCombination();
    ViewName view = find("--view").map(read("--view", ViewName::parse)).orElse(SAMPLE_VIEW);
    Arguments arguments =
        new Arguments(
            database,
            view,
            target(view),
            find("--chunks")
                .map(text -> number("--chunks", text, MAX_CHUNKS))
                .orElse(DEFAULT_CHUNKS),
            key(),
            find("--timestamp"),
            find("--merge-mode").map(read("--merge-mode", ArgumentParser::mergeMode)),
            find("--since").map(read("--since", ArgumentParser::instant)),
            find("--since-file").map(text -> path("--since-file", text)),
            store(database.isPresent()),
            given.getOrDefault("--resources", List.of()).stream()
                .map(text -> path("--resources", text))
                .toList(),
            find("--create-view").map(text -> path("--create-view", text)),
            find("--rows").map(text -> number("--rows", text, 10_000_000)).orElse(SAMPLE_ROWS));
    checkTimestamp(arguments);
    checkMode(arguments);
    return arguments;
  }

  private void checkCombination() {
    boolean foreign = given.containsKey("--jdbc");
    boolean own = given.containsKey("--resources") || given.containsKey("--create-view");
    if ((foreign || own) && !given.containsKey("--view")) {
      throw new UsageException("--view is missing: say which view to export");
    }
    if (foreign && !given.containsKey("--out")) {
      throw new UsageException("--out is missing: say in which folder the table is to be");
    }
    if (given.containsKey("--rows") && (foreign || given.containsKey("--resources"))) {
      throw new UsageException("--rows is about generated resources; there are none here");
    }
    if (given.containsKey("--since-file") && (!foreign || given.containsKey("--since"))) {
      throw new UsageException("--since-file goes with --jdbc, and without --since");
    }
  }

  private static void checkMode(Arguments arguments) {
    if (arguments.sinceFile().isPresent() && arguments.effectiveMode() == MergeMode.INSERT) {
      throw new QuickstartException(
          "--merge-mode insert leaves changed rows as they were; leave it out with --since-file.");
    }
  }

  private static void checkTimestamp(Arguments arguments) {
    if (arguments.timestamp().isPresent()) {
      return;
    }
    if (arguments.since().isPresent() || arguments.sinceFile().isPresent()) {
      throw new QuickstartException(
          "--since and --since-file need --timestamp COL: the column that is compared.");
    }
    MergeMode mode = arguments.effectiveMode();
    if (mode == MergeMode.UPSERT || mode == MergeMode.HISTORY) {
      throw new QuickstartException(
          "--merge-mode " + mode.code() + " needs --timestamp COL: which row is newer.");
    }
  }

  private Path target(ViewName view) {
    String text = find("--out").orElse("viewexport-quickstart/" + fileName(view));
    return path("--out", text);
  }

  private static String fileName(ViewName view) {
    return view.name().replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private List<String> key() {
    List<String> columns =
        find("--key").map(text -> List.of(text.split(",", -1))).orElse(List.of("id"));
    List<String> trimmed = columns.stream().map(String::strip).toList();
    if (trimmed.contains("")) {
      throw new UsageException("--key takes column names with commas between them");
    }
    return trimmed;
  }

  private StoreKind store(boolean foreign) {
    Optional<String> text = find("--store");
    if (text.isEmpty()) {
      return foreign ? StoreKind.MEMORY : StoreKind.POSTGRES;
    }
    for (StoreKind kind : StoreKind.values()) {
      if (kind.code().equals(text.get())) {
        return kind;
      }
    }
    throw new UsageException("--store takes memory or postgres");
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(given.get(name)).map(values -> values.get(0));
  }

  private Path path(String name, String text) {
    if (text.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:/.*|.*\\p{Cntrl}.*")) {
      throw new UsageException(name + " takes a path on this machine");
    }
    try {
      return directory.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new UsageException(name + " takes a path on this machine");
    }
  }

  private static int number(String name, String text, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(name + " takes a whole number from 1 to " + max);
    }
    throw new UsageException(name + " takes a whole number from 1 to " + max);
  }

  private static MergeMode mergeMode(String text) {
    for (MergeMode mode : MergeMode.values()) {
      if (mode.code().equals(text)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("insert, upsert, history or replace");
  }

  private static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a time with its zone, such as 2026-01-31T00:00:00Z", e);
    }
  }

  private static <T> Function<String, T> read(String name, Function<String, T> reader) {
    return text -> {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException e) {
        throw new UsageException(name + " takes: " + e.getMessage());
      }
    };
  }
}
