// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.examples.files.LocalFileStorage.Survival;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.WriteGate;
import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.DoubtfulStaging;
import io.viewexport.testkit.backend.ExistingTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder for one run of the contract. A target is a folder that requests name: what all jobs have
 * published there.
 */
final class FilesPlace implements BackendFixture {
  private final Path root;
  private final Map<String, String> format;
  private final WriteGate gate = new WriteGate();

  private FilesPlace(Path root, Map<String, String> format) {
    this.root = root;
    this.format = format;
  }

  static FilesPlace of(Map<String, String> format) {
    try {
      return new FilesPlace(Files.createTempDirectory("files-backend"), format);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ExportBackend openBackend() {
    FileBackendConfig config =
        FileBackendConfig.builder()
            .allowedRoots(List.of(root))
            .maxPartRows(100)
            .maxKeysInMemory(100)
            .rowGroupBytes(1024 * 1024)
            .build();
    FileStorage storage = new LocalFileStorage(List.of(root), Survival.PROCESS);
    return new FileBackend(config, new GatedStorage(storage, gate));
  }

  @Override
  public Map<String, String> parameters(String target) {
    Map<String, String> parameters = new HashMap<>(format);
    parameters.put(FileParameters.OUTPUT_PATH, target);
    return parameters;
  }

  @Override
  public Optional<SampleRows> read(String target, ViewSchema schema) {
    return outputs(target).stream()
        .map(output -> ReadOutput.rows(output, schema))
        .reduce(SampleRows::plus);
  }

  private List<Path> outputs(String target) {
    return all(root.resolve(target)).stream()
        .filter(file -> !isStaging(file) && file.endsWith(FileManifest.FILE_NAME))
        .map(Path::getParent)
        .toList();
  }

  @Override
  public Set<String> residue() {
    Set<String> names = new TreeSet<>();
    for (Path path : all(root)) {
      // Nothing but folders of targets, jobs and outputs, and the files of the last.
      Path below = root.relativize(path);
      boolean published =
          below.getNameCount() == 4 && Files.exists(path.resolveSibling(FileManifest.FILE_NAME));
      boolean onTheWay = below.getNameCount() < 4 && Files.isDirectory(path) && !isEmpty(path);
      boolean target = below.getNameCount() <= 1;
      if (isStaging(path) || !(published || onTheWay || target)) {
        names.add(below.toString());
      }
    }
    return names;
  }

  private static boolean isEmpty(Path folder) {
    return all(folder).size() == 1;
  }

  private boolean isStaging(Path path) {
    return root.relativize(path).toString().contains(Layout.STAGING);
  }

  private static List<Path> all(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ExistingTarget existingTarget() {
    return ExistingTarget.APPENDED;
  }

  @Override
  public DoubtfulStaging doubtfulStaging() {
    return DoubtfulStaging.RESOLVED;
  }

  @Override
  public OptionalLong memoryPerChunk() {
    return OptionalLong.of(6 * 1024 * 1024);
  }

  @Override
  public Optional<WriteGate> writeGate() {
    return Optional.of(gate);
  }

  @Override
  public void close() {
    try {
      new LocalFileStorage(List.of(root), Survival.PROCESS).deleteTree(root.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
