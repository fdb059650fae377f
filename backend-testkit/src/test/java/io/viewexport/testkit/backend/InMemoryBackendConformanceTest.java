// SPDX-License-Identifier: Apache-2.0
package io.viewexport.testkit.backend;

class InMemoryBackendConformanceTest extends ExportBackendContract {

  @Override
  protected BackendFixture open() {
    return new InMemoryPlace();
  }
}
