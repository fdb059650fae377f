// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.delta.kernel.engine.Engine;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.testkit.SampleRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder with tables below {@code tables} and staging below {@code staging}, or a bucket that a
 * server keeps there; its tables are read by Delta Kernel.
 */
final class LakeOnDisk {
  private final Path folder;
  private final Engine engine;

  LakeOnDisk(Path folder, Engine engine) {
    this.folder = folder;
    this.engine = engine;
  }

  /** The rows of a table, by the path that the engine knows it by. */
  Optional<SampleRows> read(String target, String path, ViewSchema schema) {
    Path table = folder.resolve("tables").resolve(target);
    if (!Files.exists(table.resolve("_delta_log/00000000000000000000.json"))) {
      return Optional.empty();
    }
    try {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Map<String, Object> row : DeltaRows.read(engine, path)) {
        List<@Nullable Object> values = new ArrayList<>();
        for (ViewColumn column : schema.columns()) {
          values.add(value(column.type(), row.get(column.name())));
        }
        rows.add(values);
      }
      return Optional.of(new SampleRows(schema, rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Object value(ColumnType type, @Nullable Object value) {
    if (type.kind() == ColumnType.Kind.DATE && value instanceof Integer day) {
      return LocalDate.ofEpochDay(day);
    }
    if (type.kind() == ColumnType.Kind.TIMESTAMP && value instanceof Long micros) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
    return value;
  }

  /** All of the staging, and the files in tables that no log names. */
  Set<String> residue() {
    Set<String> found = new TreeSet<>(below(folder.resolve("staging")));
    for (String name : below(folder.resolve("tables"))) {
      Path path = folder.resolve(name);
      if (!name.contains("/_delta_log") && Files.isRegularFile(path) && !isNamed(path)) {
        found.add(name);
      }
    }
    return found;
  }

  private boolean isNamed(Path file) {
    Path tables = folder.resolve("tables");
    Path log = tables.resolve(tables.relativize(file).getName(0)).resolve("_delta_log");
    if (!Files.isDirectory(log)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(log)) {
      String name = file.getFileName().toString();
      return entries.anyMatch(entry -> text(entry).contains(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return file.toString().endsWith(".json") ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<String> below(Path root) {
    if (!Files.isDirectory(root)) {
      return Set.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !path.equals(root))
          .map(path -> folder.relativize(path).toString())
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
