// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.ExportBackendContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DeltaLakeBackendConformanceTest extends ExportBackendContract {
  @TempDir Path folder = Path.of("");

  @Override
  protected BackendFixture open() {
    try {
      return new FolderPlace(Files.createTempDirectory(folder.toRealPath(), "place"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
