// SPDX-License-Identifier: Apache-2.0
package io.viewexport.examples.files;

import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.ExportBackendContract;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** By hand, as it writes its rows as NDJSON does. */
@Tag("long")
class JsonConformanceTest extends ExportBackendContract {

  @Override
  protected BackendFixture open() {
    return FilesPlace.of(Map.of(FileParameters.FORMAT, "json", FileParameters.COMPRESSION, "none"));
  }
}
