// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ColumnType;
import io.viewexport.api.view.ViewColumn;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.DeltaRows;
import io.viewexport.deltalake.testing.FaultyFileIO;
import io.viewexport.testkit.BackendCall;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.backend.BackendFault;
import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.DoubtfulStaging;
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
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder with tables and a folder for staging, read by Delta Kernel. */
final class FolderPlace implements BackendFixture {
  private static final long MIB = 1024 * 1024;

  private final Path folder;
  private final Path staging;
  private final Engine engine;
  private volatile String refused = "";

  FolderPlace(Path folder) {
    this.folder = folder;
    this.staging = folder.resolve("staging");
    this.engine = LocalStorage.create(List.of(folder), Map.of()).engine();
  }

  @Override
  public ExportBackend openBackend() {
    return BackendOnFiles.create(
        DeltaLakeConfig.builder().allowedRoots(List.of(folder)).rowGroupBytes(MIB).build(),
        Refusing::new);
  }

  /** Refuses writing and committing below a folder, while told to. */
  private final class Refusing extends FaultyFileIO {
    Refusing(FileIO files) {
      super(files);
    }

    @Override
    protected void beforeWrite(String path, long position) throws IOException {
      refuse(path);
    }

    @Override
    protected void beforeCommit(String path) throws IOException {
      refuse(path);
    }

    private void refuse(String path) throws IOException {
      if (!refused.isEmpty() && path.contains(refused)) {
        throw new IOException("Input/output error");
      }
    }
  }

  @Override
  public List<BackendFault> faults() {
    return List.of(
        fault("staging can't be written in setup", BackendCall.Kind.SETUP, staging),
        fault("staging can't be written", BackendCall.Kind.CHUNK, staging),
        fault("the table can't be written", BackendCall.Kind.FINALIZE, folder.resolve("tables")));
  }

  private BackendFault fault(String name, BackendCall.Kind call, Path below) {
    return new BackendFault(
        name,
        call,
        BackendFault.Nature.PASSING,
        () -> refused = below.toString(),
        () -> refused = "");
  }

  @Override
  public Map<String, String> parameters(String target) {
    return Map.of("tablePath", table(target).toString(), "stagingTablePath", staging.toString());
  }

  private Path table(String target) {
    return folder.resolve("tables").resolve(target);
  }

  @Override
  public Optional<SampleRows> read(String target, ViewSchema schema) {
    if (!Files.exists(table(target).resolve("_delta_log/00000000000000000000.json"))) {
      return Optional.empty();
    }
    try {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Map<String, Object> row : DeltaRows.read(engine, table(target).toString())) {
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
  @Override
  public Set<String> residue() {
    Set<String> found = new TreeSet<>(below(staging));
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

  @Override
  public DoubtfulStaging doubtfulStaging() {
    return DoubtfulStaging.RESOLVED;
  }

  @Override
  public OptionalLong memoryPerChunk() {
    return OptionalLong.of(8 * MIB);
  }
}
