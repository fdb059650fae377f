// SPDX-License-Identifier: Apache-2.0
package com.example.skeleton;

import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.ExportBackendContract;

class SkeletonConformanceTest extends ExportBackendContract {

  @Override
  protected BackendFixture open() {
    return new SkeletonPlace();
  }
}
