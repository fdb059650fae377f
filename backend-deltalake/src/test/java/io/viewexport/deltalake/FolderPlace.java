// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.api.view.ViewSchema;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import io.viewexport.deltalake.testing.FaultyFileIO;
import io.viewexport.testkit.BackendCall;
import io.viewexport.testkit.SampleRows;
import io.viewexport.testkit.WriteGate;
import io.viewexport.testkit.backend.BackendFault;
import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.DoubtfulStaging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A folder with tables and a folder for staging, read by Delta Kernel. */
final class FolderPlace implements BackendFixture {
  private static final long MIB = 1024 * 1024;

  private final Path folder;
  private final Path staging;
  private final LakeOnDisk lake;
  private final WriteGate gate = new WriteGate();
  private volatile String refused = "";

  FolderPlace(Path folder) {
    this.folder = folder;
    this.staging = folder.resolve("staging");
    this.lake = new LakeOnDisk(folder, LocalStorage.create(List.of(folder), Map.of()).engine());
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
      gate.pass();
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
    return lake.read(target, table(target).toString(), schema);
  }

  @Override
  public Set<String> residue() {
    return lake.residue();
  }

  @Override
  public DoubtfulStaging doubtfulStaging() {
    return DoubtfulStaging.RESOLVED;
  }

  @Override
  public OptionalLong memoryPerChunk() {
    return OptionalLong.of(8 * MIB);
  }

  @Override
  public Optional<WriteGate> writeGate() {
    return Optional.of(gate);
  }
}
