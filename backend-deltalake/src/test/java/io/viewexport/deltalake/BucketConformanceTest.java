// SPDX-License-Identifier: Apache-2.0
package io.viewexport.deltalake;

import io.viewexport.deltalake.testing.S3Server;
import io.viewexport.testkit.backend.BackendFixture;
import io.viewexport.testkit.backend.ExportBackendContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The same backend on a store that speaks S3's protocol: two minutes, so by hand. */
@Tag("long")
class BucketConformanceTest extends ExportBackendContract {
  private static S3Server server;
  private static int places;

  @BeforeAll
  static void start() {
    server = S3Server.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected BackendFixture open() {
    return new BucketPlace(server, "place" + ++places);
  }
}
