// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.viewexport.api.backend.ExportBackend;
import io.viewexport.deltalake.internal.storage.LocalStorage;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes backends whose file access a test watches or breaks. */
public final class BackendOnFiles {
  private BackendOnFiles() {}

  /** A backend for tables in local folders, all of Kernel's file access wrapped. */
  public static ExportBackend create(DeltaLakeConfig config, UnaryOperator<FileIO> wrapping) {
    Map<String, String> settings = Map.of("parquet.compression", config.compression().name());
    return new DeltaLakeBackend(
        config, LocalStorage.create(config.allowedRoots(), settings, wrapping));
  }
}
